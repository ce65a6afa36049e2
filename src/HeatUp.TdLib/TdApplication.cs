namespace HeatUp.TdLib;

/// <summary>Who asks: the operator's own registration with Telegram, from my.telegram.org.</summary>
/// <param name="ApiId">Its number.</param>
/// <param name="ApiHash">Its secret.</param>
/// <param name="IsTest">Whether Telegram's test servers are asked.</param>
public sealed record TdApplication(int ApiId, string ApiHash, bool IsTest)
{
    /// <summary>Its number only.</summary>
    public override string ToString() => $"api_id {ApiId}";
}
