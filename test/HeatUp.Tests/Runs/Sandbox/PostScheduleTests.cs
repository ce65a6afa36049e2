using CsCheck;
using HeatUp.Runs.Sandbox;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Runs.Sandbox;

public sealed class PostScheduleTests
{
    private static readonly DateOnly Today = DateOnly.FromDateTime(FakeTime.Noon.Date);

    [Fact]
    public void ChannelsPostTwelveTimesADayOnAverageAndVeryUnequally()
    {
        var counts = Schedules(4000).Select(schedule => schedule.PostsOn(Today).Count()).Order().ToList();

        counts.Average().ShouldBe(SandboxFigures.PostsPerDayMean, 0.8);
        ((double)counts[2000]).ShouldBe(7.6, 1.1);
        counts[^1].ShouldBeGreaterThan(100);
    }

    [Fact]
    public void PostsFollowTheDaysCurve()
    {
        var hours = Schedules(4000).SelectMany(schedule => schedule.PostsOn(Today))
            .CountBy(post => post.Hour).ToDictionary();
        var all = hours.Values.Sum();

        for (var hour = 0; hour < 24; hour++)
            (100.0 * hours[hour] / all).ShouldBe(DayCurve.Percent[hour], 0.4, $"hour {hour}");
    }

    [Fact]
    public void TheCurveHasTheMeasuredHoursAndIsAWholeDay()
    {
        DayCurve.Percent.Sum().ShouldBe(100, 1e-9);
        (DayCurve.Percent[22], DayCurve.Percent[23], DayCurve.Percent[4]).ShouldBe((8.2, 7.3, 0.58));
        DayCurve.Percent.Min().ShouldBe(0.58);
        DayCurve.Percent.Max().ShouldBe(8.2);
    }

    [Fact]
    public void TheCurveRisesOverTheWholeDay() =>
        Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1]).Sample((one, other) =>
        {
            var (low, high) = (Math.Min(one, other), Math.Min(Math.Max(one, other), 1 - 1e-12));
            var (early, late) = (DayCurve.MillisecondAt(Math.Min(low, high)), DayCurve.MillisecondAt(high));
            return early >= 0 && early <= late && late < 86_400_000;
        });

    [Fact]
    public void ADaysPostsAreTheSameWheneverTheyAreAskedFor()
    {
        var one = new PostSchedule(new Seed(3));
        var other = new PostSchedule(new Seed(3));
        var days = Enumerable.Range(0, 100).Select(back => Today.AddDays(-back)).ToList();

        var newestFirst = days.ToDictionary(day => day, day => one.PostsOn(day).ToList());

        foreach (var day in Enumerable.Reverse(days)) other.PostsOn(day).ShouldBe(newestFirst[day]);
        newestFirst.Values.ShouldAllBe(posts => posts.SequenceEqual(posts.Order()));
    }

    [Fact]
    public void WhatIsCountedBetweenTwoTimesIsWhatWasPostedThere() =>
        Gen.Select(Gen.ULong, Gen.Int[0, 20_000], Gen.Int[0, 20_000], Gen.Int[1, 300])
            .Sample((seed, after, until, most) =>
            {
                var schedule = new PostSchedule(new Seed(seed));
                var (from, to) = (FakeTime.Noon.AddMinutes(-after), FakeTime.Noon.AddMinutes(-until));
                var posted = Enumerable.Range(-15, 16).SelectMany(day => schedule.PostsOn(Today.AddDays(day)))
                    .Count(post => post > from && post <= to);
                return schedule.CountBetween(from.UtcDateTime, to.UtcDateTime, most) == Math.Min(posted, most);
            }, iter: 300);

    [Fact]
    public void PostsOlderThanAMonthAreNotUnread()
    {
        var schedule = new PostSchedule(new Seed(3));
        var now = FakeTime.Noon.UtcDateTime;

        schedule.CountBetween(DateTime.MinValue, now, int.MaxValue)
            .ShouldBe(schedule.CountBetween(now - SandboxFigures.UnreadFor, now, int.MaxValue));
    }

    [Fact]
    public void ManyReadersAtOnceSeeTheSamePosts()
    {
        var schedule = new PostSchedule(new Seed(3));
        var counts = new int[64];
        // Places far apart, so that the readers push each other's days out.
        Parallel.For(0, counts.Length, reader => counts[reader] = Enumerable.Range(0, 200)
            .Sum(day => schedule.PostsOn(Today.AddDays((day * 31 + reader) % 200)).Count()));

        counts.Distinct().Count().ShouldBe(1);
    }

    private static IEnumerable<PostSchedule> Schedules(int count) =>
        Enumerable.Range(0, count).Select(number => new PostSchedule(new Seed(1).Fork(number)));
}
