using System.Text.RegularExpressions;

namespace HeatUp.Plans.Llm;

/// <summary>
/// Finds a dialect that a server takes, by what it says when it refuses one. For one exchange; a way once left is not
/// tried again, so that the search ends.
/// </summary>
internal sealed partial class DialectSearch(ChatDialect begun)
{
    private const int BodyReadMax = 16 * 1024;

    private readonly HashSet<TokenLimitName> limitsTried = [begun.Limit];

    /// <summary>What was spoken first.</summary>
    public ChatDialect Begun { get; } = begun;

    /// <summary>What is spoken now.</summary>
    public ChatDialect Spoken { get; private set; } = begun;

    /// <summary>
    /// The same without what was only suspected: what is worth remembering at the first time.
    /// </summary>
    public ChatDialect Known { get; private set; } = begun;

    /// <summary>Whether another dialect is worth a try after this failure; it is spoken from then on.</summary>
    public bool Learn(LlmFailure failure)
    {
        if (failure.Refusal is not { } refusal || !MayBeAboutForm(refusal)) return false;
        var said = refusal.Body.Length <= BodyReadMax ? refusal.Body : refusal.Body[..BodyReadMax];
        if (Limit().IsMatch(said) && OtherLimit() is { } limit) return Move(Spoken with { Limit = limit }, true);
        // Of a plan's messages only the system's can disturb: a user and the model take turns otherwise.
        if (Spoken.HasSystemRole && Roles().IsMatch(said))
            return Move(Spoken with { HasSystemRole = false }, true);
        if (!Spoken.Streams && StreamsOnly().IsMatch(refusal.Message))
            return Move(Spoken with { Streams = true }, true);
        if (Spoken.Form == ReplyForm.Text) return false;
        // The model, not the server, failed at the form: the next time it may not.
        if (Generation().IsMatch(said)) return Move(Spoken with { Form = Spoken.Form - 1 }, false);
        if (Form().IsMatch(said)) return Move(Spoken with { Form = Spoken.Form - 1 }, true);
        if (Unsupported().IsMatch(said)) return Move(Spoken with { Form = Spoken.Form - 1 }, false);
        return refusal.Status is 400 or 422 && Nothing().IsMatch(refusal.Message) && DoubtForm();
    }

    /// <summary>Tries it without any form, because the server fails without saying why.</summary>
    public bool DoubtForm() => Spoken.Form != ReplyForm.Text && Move(Spoken with { Form = ReplyForm.Text }, false);

    private static bool MayBeAboutForm(ChatRefusal refusal) =>
        refusal.Status is 0 or >= 400 and not (401 or 402 or 403 or 408 or 413 or 429);

    private bool Move(ChatDialect next, bool isSure)
    {
        limitsTried.Add(next.Limit);
        Spoken = next;
        if (isSure) Known = next with { Form = Known.Form };
        if (isSure && next.Form < Known.Form) Known = next;
        return true;
    }

    private TokenLimitName? OtherLimit()
    {
        foreach (var name in (TokenLimitName[])
            [TokenLimitName.MaxCompletionTokens, TokenLimitName.MaxTokens, TokenLimitName.None])
            if (!limitsTried.Contains(name))
                return name;
        return null;
    }

    [GeneratedRegex(
        @"max(imum)?[_ ]?((completion|output|new)[_ ]?)?tokens|maximum context length|output tokens|n_predict",
        RegexOptions.IgnoreCase)]
    private static partial Regex Limit();

    [GeneratedRegex(
        @"\balternat|consecutive|successive|in a row|first (message|turn)|\brole"
        + @"|\bsystem\b\W*(message|prompt|instruction)|system_?instruction|developer instruction"
        + @"|\bmessage\W.{0,40}\bsystem\b|(start|begin)s? with an?\W*user"
        + @"|'system'|\\?""system\\?""",
        RegexOptions.IgnoreCase)]
    private static partial Regex Roles();

    [GeneratedRegex(
        @"\bstream(ing)?[\W_]+(\w+\W+){0,2}(must|should|has to|needs|required|true|false)\b"
        + @"|(only|must|require)\w* .{0,30}\bstream|non[ -]?stream", RegexOptions.IgnoreCase)]
    private static partial Regex StreamsOnly();

    /// <summary>Words that say no more than the status does.</summary>
    [GeneratedRegex(
        @"^[\W_]*(?:(?:\d{3}|the|your|an?|is|was|has|contains?|provider|provided|returned|bad|invalid|malformed"
        + @"|unprocessable|requests?|entity|content|inputs?|arguments?|params?|parameters?|value|validation"
        + @"|failed|failure|errors?|null)(?![a-z])[\W_]*)*$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Nothing();

    [GeneratedRegex(
        @"json_validate_failed|failed_generation|failed to (generate|parse|validate)|generated json|does not match the"
        + @"|did not match|output (was|is) not valid",
        RegexOptions.IgnoreCase)]
    private static partial Regex Generation();

    [GeneratedRegex(
        @"response_?format|json|schema|structured|grammar|guided"
        + @"|\bstrict\b|additionalProperties|xgrammar|outlines",
        RegexOptions.IgnoreCase)]
    private static partial Regex Form();

    [GeneratedRegex(
        @"unsupported|not support|unknown (parameter|field|name)|unrecogni[sz]ed|extra inputs|extra_forbidden"
        + @"|not permitted|requested parameters",
        RegexOptions.IgnoreCase)]
    private static partial Regex Unsupported();
}
