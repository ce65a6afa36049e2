namespace HeatUp.Plans.Llm;

/// <summary>
/// Which language model plans, and how long it is waited for. A class and no record, so that nothing prints the key.
/// </summary>
public sealed class LlmOptions
{
    /// <summary>
    /// The server's address up to the version, such as <c>https://api.openai.com/v1</c> or
    /// <c>http://127.0.0.1:11434/v1</c>.
    /// </summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>The model's name as the server knows it.</summary>
    public required string Model { get; init; }

    /// <summary>The key; null or empty for a server that wants none. Never shown.</summary>
    public string? ApiKey { get; init; }

    /// <summary>
    /// How long one call may take. The default is 30 seconds. A call that took longer is not repeated.
    /// </summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a plan may take in all, with retries and the repair. The default is 60 seconds.</summary>
    public TimeSpan PlanTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How often a call is repeated after a failure that may pass: 429, 5xx, network. 0 or more; the default is 2.
    /// </summary>
    public int Retries { get; init; } = 2;

    /// <summary>
    /// The wait before the first repetition, doubled before each further one, ± 50 %. The default is a second.
    /// </summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The longest wait before a repetition; a server that asks for a longer one isn't asked again. The default is 10
    /// seconds.
    /// </summary>
    public TimeSpan RetryDelayMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The most tokens of one reply, a model's thinking included. The default is 4,096; a plan takes about 300.
    /// </summary>
    public int OutputTokensMax { get; init; } = 4096;

    /// <summary>What of it may be shown nowhere; made once, when something is shown first.</summary>
    internal LlmSecrets Secrets => field ??= new LlmSecrets(this);
}
