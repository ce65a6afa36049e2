namespace HeatUp.Benchmarks;

internal static class Program
{
    private static void Main() => Console.WriteLine("benchmarks");
}
