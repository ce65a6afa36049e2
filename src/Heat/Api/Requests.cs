using System.Globalization;
using System.Text.Json;
using HeatUp;

namespace Heat.Api;

/// <summary>How many days back a question goes.</summary>
internal static class Days
{
    public const int Min = 1;
    public const int Max = 3650;
    public const int Default = 30;

    /// <summary>Reads `days`; absent is the default. False for anything but a plain whole number in bounds.</summary>
    public static bool TryParse(string? text, out int days)
    {
        days = Default;
        if (text is null) return true;
        return Whole.TryParse(text, out days) && days is >= Min and <= Max;
    }
}

/// <summary>How many channels a question for recommendations wants.</summary>
internal static class RecommendationCount
{
    /// <summary>Reads `count`; absent is the default. False for anything but a plain whole number in bounds.</summary>
    public static bool TryParse(string? text, out int count)
    {
        count = Recommending.CountDefault;
        if (text is null) return true;
        return Whole.TryParse(text, out count) && count is >= 1 and <= Recommending.CountMax;
    }
}

/// <summary>Whole numbers as requests write them.</summary>
internal static class Whole
{
    /// <summary>Reads digits alone: .NET itself takes a NUL after them for nothing.</summary>
    public static bool TryParse(string text, out int number)
    {
        number = 0;
        return text.All(char.IsAsciiDigit)
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}

/// <summary>How large a request's body may be.</summary>
internal static class BodyLimit
{
    public const long Bytes = 64 * 1024;
}

/// <summary>What requests have in common.</summary>
internal static class Requests
{
    /// <summary>
    /// Makes sure that a body, if there is one, is an empty JSON object: a field that nobody reads would be a wish that
    /// is quietly dropped.
    /// </summary>
    public static async ValueTask<ProblemResult?> RefuseFieldsAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!HasBody(request)) return null;
        var (body, problem) = await ReadAsync(request, BodyLimit.Bytes, cancellation);
        if (body is null) return problem;
        using (body)
            foreach (var field in body.RootElement.EnumerateObject())
                return Problems.UnknownField(field.Name);
        return null;
    }

    /// <summary>The JSON object that a request has as its body; or why there is none.</summary>
    /// <param name="request">The request.</param>
    /// <param name="limit">How large the body may be, in bytes.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async ValueTask<(JsonDocument? Body, ProblemResult? Problem)> ReadAsync(
        HttpRequest request, long limit, CancellationToken cancellation)
    {
        const string mustBe = "The body, if there is one, must be a JSON object";
        try
        {
            var body = await JsonDocument.ParseAsync(request.Body, default, cancellation);
            if (body.RootElement.ValueKind != JsonValueKind.Object)
            {
                body.Dispose();
                return (null, Problems.Body($"{mustBe}."));
            }
            // The name of a field may be no Unicode text, which shows when it is read.
            foreach (var field in body.RootElement.EnumerateObject()) _ = field.Name;
            return (body, null);
        }
        catch (BadHttpRequestException tooLarge) when (tooLarge.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, Problems.BodyTooLarge(limit));
        }
        // Chunks that are none, or a length that isn't kept; Kestrel has more than one exception for it.
        catch (IOException broken) when (broken is not BadHttpRequestException { StatusCode: not 400 })
        {
            return (null, Problems.Body("The body is not sent as its headers say."));
        }
        catch (InvalidOperationException)
        {
            return (null,
                Problems.Body("The body has half a character (a lone surrogate) in the name of a field."));
        }
        catch (JsonException broken)
        {
            return (null, Problems.Body(
                $"{mustBe}; this one breaks off at line {broken.LineNumber + 1}, "
                + $"byte {broken.BytePositionInLine + 1}."));
        }
    }

    /// <summary>The form of a request; null if there is none that can be read.</summary>
    public static async Task<IFormCollection?> FormOfAsync(HttpContext http, long bytesMax)
    {
        if (!http.Request.HasFormContentType) return null;
        if (http.Request.ContentLength is not { } length || length > bytesMax) return null;
        try
        {
            return await http.Request.ReadFormAsync(http.RequestAborted);
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            return null;
        }
    }

    private static bool HasBody(HttpRequest request) =>
        request.ContentLength > 0
        || (request.ContentLength is null && request.Headers.ContainsKey("Transfer-Encoding"));
}
