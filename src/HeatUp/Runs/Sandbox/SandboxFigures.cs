using HeatUp.Plans;

namespace HeatUp.Runs.Sandbox;

/// <summary>
/// What the sandbox takes for the ways of Telegram: measured figures with their source, the rest declared
/// assumptions.
/// </summary>
public static class SandboxFigures
{
    /// <summary>
    /// The posts of a channel per day, on average over channels: 2,952,737 posts in 24 hours of 235,109 channels with
    /// any (statistics of Persian Telegram at itna.ir/news/50460, about 2017).
    /// </summary>
    public const double PostsPerDayMean = 12.6;

    /// <summary>
    /// The most posts of a channel per day. Cuts the tail of the assumed distribution: fewer than one channel in
    /// 10,000.
    /// </summary>
    public const double PostsPerDayMax = 400;

    /// <summary>
    /// How unequal the channels post: the standard deviation of the rate's logarithm. Assumed; then the median is 7.6
    /// a day and one channel in ten posts more than 27.
    /// </summary>
    public const double PostsPerDaySpread = 1.0;

    /// <summary>The subscribers of a channel whose directory doesn't say: the median. Assumed.</summary>
    public const double SubscribersMedian = 40_000;

    /// <summary>
    /// How unequal the channels' audiences are: the standard deviation of the count's logarithm. Assumed.
    /// </summary>
    public const double SubscribersSpread = 1.5;

    /// <summary>How far back posts count as unread. Longer than what anybody scrolls through in a sitting.</summary>
    public static readonly TimeSpan UnreadFor = TimeSpan.FromDays(30);

    /// <summary>How long a reader looks at one post. Assumed: no measurement of dwell on channels was found.</summary>
    public static readonly TimeSpan PerPost = TimeSpan.FromSeconds(2);

    /// <summary>The most channels that an account can be in without paying (Telegram's limit).</summary>
    public const int ChannelsMax = 500;

    /// <summary>The fastest answer of a server. Assumed.</summary>
    public static readonly TimeSpan LatencyMin = TimeSpan.FromMilliseconds(80);

    /// <summary>The slowest answer of a server, flood waits aside. Assumed.</summary>
    public static readonly TimeSpan LatencyMax = TimeSpan.FromMilliseconds(600);

    /// <summary>
    /// The shortest flood wait. Assumed; between it and the longest, each order of magnitude is equally likely.
    /// </summary>
    public static readonly TimeSpan FloodWaitMin = TimeSpan.FromSeconds(5);

    /// <summary>The longest flood wait. Assumed; Telegram's own are at most 14 days.</summary>
    public static readonly TimeSpan FloodWaitMax = TimeSpan.FromDays(1);

    /// <summary>The longest flood wait that client libraries sit out in silence, as TDLib 1.8 does.</summary>
    public static readonly TimeSpan SilentWaitMax = TimeSpan.FromSeconds(60);

    /// <summary>How long a channel is in a state that comes and goes, such as vanished. Assumed.</summary>
    public static readonly TimeSpan StateFor = TimeSpan.FromDays(14);

    /// <summary>The most similar channels in an answer. Assumed: what is shown without Premium.</summary>
    public const int SimilarMax = 10;

    /// <summary>How many posts a reader gets through in this time, at least one.</summary>
    internal static int PostsIn(TimeSpan time) => (int)Math.Clamp(time / PerPost, 1, int.MaxValue);

    /// <summary>
    /// How long a reading was planned that takes this time at this pace; at no pace, the longest that a plan allows.
    /// </summary>
    internal static TimeSpan PlannedFor(TimeSpan time, Pace pace) =>
        pace.Factor > 0 ? time / pace.Factor : PlanLimits.ReadMax;
}
