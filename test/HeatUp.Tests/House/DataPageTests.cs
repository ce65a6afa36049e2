using System.Text;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using global::Heat.Exports;
using HeatUp.Tests.Support;
using Microsoft.Data.Sqlite;

namespace HeatUp.Tests.House;

/// <summary>
/// docs/data.md shows what is so: its commands and queries run, and its tables are those of the code. With
/// <c>UPDATE_APPROVED=1</c> it is brought up to date.
/// </summary>
public sealed partial class DataPageTests : IDisposable
{
    private const string Page = "docs/data.md";

    private static readonly string[] Interface = ["session_history", "runs", "steps", "memberships", "sittings"];

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task WhatDuckDbIsShownToAnswerIsWhatItAnswers()
    {
        var page = Tree.Text(Page);
        var made = await HeatProcess.RunShellAsync(folder, $"set -e\n{Commands().Match(page).Groups["text"].Value}");
        made.Code.ShouldBe(0, made.Out);
        using var database = new DuckDBConnection("DataSource=:memory:");
        database.Open();
        Answer(database, $"SET file_search_path = '{folder.Path}'");

        var queries = Queries().Matches(page);
        var now = queries.Aggregate(page, (text, query) =>
        {
            var sql = query.Groups["sql"].Value;
            return text.Replace(query.Value, $"```sql\n{sql}```\n\n```text\n{Answer(database, sql)}```");
        });

        queries.Count.ShouldBeGreaterThan(3);
        Check(page, now);
    }

    [Fact]
    public void ItNamesEveryColumnAsTheCodeDoes()
    {
        var text = new StringBuilder();
        foreach (var table in Tables.All)
        {
            text.Append($"### {table.Name}\n\n{table.Meaning}\n\n| column | type | |\n|---|---|---|\n");
            foreach (var (name, type, isNullable, meaning) in table.Described)
                text.Append($"| `{name}` | {type}{(isNullable ? "?" : "")} | {meaning} |\n");
            text.Append('\n');
        }
        var page = Tree.Text(Page);
        Check(page, With(page, "tables", text.ToString()));
    }

    [Fact]
    public async Task ItNamesTheColumnsOfASimulationsHistory()
    {
        (await HeatProcess.RunAsync(folder, ["simulate", "--sessions", "2", "--days", "1", "--out", "a"])).Code.ShouldBe(0);
        await using var database = new SqliteConnection($"Data Source={folder.File("a/history.db")};Mode=ReadOnly;Pooling=false");
        database.Open();
        var text = new StringBuilder("| table | columns |\n|---|---|\n");
        foreach (var table in Interface)
        {
            using var command = database.CreateCommand();
            command.CommandText = $"SELECT group_concat('`' || name || '`', ', ') FROM (SELECT name FROM pragma_table_info('{table}') "
                + "WHERE name NOT IN ('owner', 'epoch') ORDER BY cid)";
            text.Append($"| `{table}` | {command.ExecuteScalar()} |\n");
        }
        using var version = database.CreateCommand();
        version.CommandText = "PRAGMA user_version";
        var page = Tree.Text(Page);

        page.ShouldContain($"`PRAGMA user_version` is {version.ExecuteScalar()};");
        Check(page, With(page, "history.db", $"{text}\n"));
    }

    private static string Answer(DuckDBConnection database, string sql)
    {
        using var command = database.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string[]>();
        do
        {
            var columns = Enumerable.Range(0, reader.FieldCount).ToArray();
            if (reader.Read()) rows.Add([.. columns.Select(reader.GetName)]);
            else continue;
            do rows.Add([.. columns.Select(column => $"{(reader.IsDBNull(column) ? "" : reader.GetValue(column))}")]);
            while (reader.Read());
        }
        while (reader.NextResult());
        var widths = rows.Count == 0 ? [] : rows[0].Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        return string.Concat(rows.Select(row => string.Join("  ", row.Select((cell, at) => cell.PadRight(widths[at]))).TrimEnd() + "\n"));
    }

    private static string With(string page, string part, string text)
    {
        var (begin, end) = ($"<!-- {part} -->\n", $"<!-- end of {part} -->");
        var from = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return $"{page[..from]}\n{text}{page[page.IndexOf(end, StringComparison.Ordinal)..]}";
    }

    private static void Check(string page, string now)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_APPROVED") == "1") File.WriteAllText(Path.Combine(Tree.Root, Page), page = now);
        page.ShouldBe(now, $"If this is meant, run this test with UPDATE_APPROVED=1: it brings {Page} up to date.");
    }

    [GeneratedRegex("```sh\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Commands();

    [GeneratedRegex("```sql\n(?<sql>.*?)```\n\n```text\n.*?```", RegexOptions.Singleline)]
    private static partial Regex Queries();
}
