namespace HeatUp.Tests.Plans;

/// <summary>What a model may say of a pool of the two verified channels or more.</summary>
internal static class Replies
{
    public const string Good =
        """{"actions":["""
        + """{"reason":"New.","action":"join_channel","channel":"@telegram","duration_seconds":null},"""
        + """{"reason":"A look.","action":"read_messages","channel":"@telegram","duration_seconds":17},"""
        + """{"reason":"A break.","action":"idle","channel":null,"duration_seconds":6}]}""";

    public static readonly string[] GoodActions = ["join_channel @telegram", "read_messages @telegram 17", "idle 6"];
}
