using HeatUp;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Plans.Llm;
using HeatUp.Plans.Replies;

namespace HeatUp.Testing;

/// <summary>Throws mutated replies at what reads and checks them.</summary>
public static class ReplyFuzz
{
    private const int FaultsKept = 5;
    private static readonly DateTimeOffset Now = new(2024, 1, 10, 12, 34, 56, TimeSpan.Zero);

    /// <summary>Reads so many replies.</summary>
    /// <param name="seed">Where they come from: the same seed, the same replies.</param>
    /// <param name="count">How many.</param>
    public static ReplyFuzzResult Run(ulong seed, int count)
    {
        var joined = new Membership(ChannelName.Parse("@durov"), Now, Now);
        var past = new Recollection(SessionId.Parse("alice"), 3, 15, Now, [joined], []);
        var request = new PlanRequest(past, ChannelPool.VerifiedOnly, Now);
        var (plans, errors, faults) = (0, 0, new List<string>());
        for (var number = 0; number < count; number++)
        {
            var rng = new Seed(seed).Fork(number).ToRng();
            var isBody = rng.Chance(0.5);
            var text = isBody ? ReplyMutations.Body(ref rng) : ReplyMutations.Text(ref rng);
            try
            {
                var plan = PlanOf(isBody ? ChatReply.Read(text).Text : text, request);
                if (plan is null) continue;
                plans++;
                if (Flaw(plan, request) is { } flaw && faults.Count < FaultsKept) faults.Add($"{number}: {flaw} {text}");
            }
            catch (Exception expected) when (isBody && expected is ChatRefusal or ChatUnreadable)
            {
                errors++;
            }
            catch (Exception escaped)
            {
                if (faults.Count < FaultsKept) faults.Add($"{number}: {escaped} {text}");
            }
        }
        return new ReplyFuzzResult(count, plans, errors, faults);
    }

    private static Plan? PlanOf(string text, PlanRequest request)
    {
        var reply = ReplyReader.Read(text, request.Pool);
        if (reply.Defects.Count > 0) return null;
        var origin = new PlanOrigin(PlannerKind.Llm, null, default);
        return PlanCheck.Check([.. reply.Actions.OfType<PlannedAction>()], request, origin, out _);
    }

    /// <summary>What is wrong with a plan, told from the rules alone and not by the check under test.</summary>
    private static string? Flaw(Plan plan, PlanRequest request)
    {
        if (plan.Actions.Count is < 3 or > 7) return $"{plan.Actions.Count} actions.";
        var follows = request.Past.Joined.Select(membership => membership.Channel.Value.ToLowerInvariant()).ToHashSet();
        foreach (var action in plan.Actions)
        {
            if (action.Reason.Length > 2 * PlannedAction.ReasonLengthMax || action.Reason.Any(char.IsControl))
                return "An unclean reason.";
            var isGood = action switch
            {
                JoinChannel join => InPool(join.Channel) && follows.Add(join.Channel.Value.ToLowerInvariant()),
                ReadMessages read => InPool(read.Channel) && read.Duration.TotalSeconds is >= 3 and <= 30,
                Idle idle => idle.Duration.TotalSeconds is >= 2 and <= 15,
                _ => false,
            };
            if (!isGood) return $"A bad action: {action}.";
        }
        return null;
    }

    private static bool InPool(ChannelName channel) => channel.Value.ToLowerInvariant() is "@durov" or "@telegram";
}

/// <summary>What came of fuzzing.</summary>
/// <param name="Count">How many replies were read.</param>
/// <param name="Plans">How many held a plan that passed the check.</param>
/// <param name="Errors">How many were taken for a server's error, or for no completion.</param>
/// <param name="Faults">Bad plans that passed and exceptions that escaped, the first few.</param>
public sealed record ReplyFuzzResult(int Count, int Plans, int Errors, IReadOnlyList<string> Faults);
