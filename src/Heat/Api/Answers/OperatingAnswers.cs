namespace Heat.Api;

/// <summary>The settings, for programs.</summary>
/// <param name="Settings">Each setting by name.</param>
/// <param name="Problems">A sentence for each that was refused, and for each line or file that can't be read.</param>
/// <param name="Warnings">What looks like a setting and is none.</param>
/// <param name="Files">The files that settings may lie in, the stronger one first.</param>
internal sealed record ConfigAnswer(
    IReadOnlyList<SettingAnswer> Settings, IReadOnlyList<string> Problems, IReadOnlyList<string> Warnings,
    IReadOnlyList<SettingsFileAnswer> Files);

/// <summary>One setting.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value, secrets masked; absent if it is not set and has no default.</param>
/// <param name="Source"><c>option</c>, <c>environment</c>, <c>folder</c>, <c>user</c> or <c>default</c>.</param>
/// <param name="File">The file that says it; absent if none does.</param>
/// <param name="Refused">Why the value can't be used; absent if it can.</param>
internal sealed record SettingAnswer(string Name, string? Value, string Source, string? File, string? Refused);

/// <summary>A file of settings.</summary>
/// <param name="Path">Where it lies, or would lie.</param>
/// <param name="Exists">Whether it is there.</param>
internal sealed record SettingsFileAnswer(string Path, bool Exists);

/// <summary>What the doctor found.</summary>
/// <param name="Status">The worst of the findings: <c>ok</c>, <c>warning</c> or <c>problem</c>.</param>
/// <param name="Findings">All that was looked at.</param>
internal sealed record DoctorAnswer(string Status, IReadOnlyList<FindingAnswer> Findings);

/// <summary>One thing that was looked at.</summary>
/// <param name="What">Its name.</param>
/// <param name="Status"><c>ok</c>, <c>warning</c> or <c>problem</c>.</param>
/// <param name="Says">What was found.</param>
/// <param name="Advice">What to do; absent if nothing is to be done.</param>
internal sealed record FindingAnswer(string What, string Status, string Says, string? Advice);

/// <summary>What a check of a language model found.</summary>
/// <param name="Server">The server's address, without what may be secret in it.</param>
/// <param name="Model">The model that was asked.</param>
/// <param name="CanPlan">Whether it can plan.</param>
/// <param name="Problem">Why it can't: a word of the log and a sentence; absent if it can.</param>
/// <param name="Dialect">The parameters that the server takes, in words; absent if it answered nothing.</param>
/// <param name="Words">The beginning of what the model said last; absent if it said nothing.</param>
/// <param name="LatenciesSeconds">How long each call took, in seconds.</param>
/// <param name="Tokens">What the check took.</param>
/// <param name="PlanTokens">What a plan will probably take; absent if it can't plan.</param>
/// <param name="IsMeasured">Whether that is reckoned from what the server counts, and not from lengths alone.</param>
internal sealed record LlmCheckAnswer(
    string Server, string Model, bool CanPlan, string? Problem, string? Dialect, string? Words,
    IReadOnlyList<double> LatenciesSeconds, TokenAnswer Tokens, TokenAnswer? PlanTokens, bool IsMeasured);
