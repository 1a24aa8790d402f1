using System.Net;
using System.Text;
using System.Web;
using Vigie.EndToEnd.Tests.Harness;
using Vigie.Testing;

namespace Vigie.EndToEnd.Tests;

/// <summary>`vigie query analyze` prints what promtool prints, given the same answers of an API.</summary>
public class QueryAnalyzeTests
{
    static readonly Dictionary<string, string> s_results = new()
    {
        ["classic"] = string.Join(',', Classic("+Inf", "x", 5, 6, 9), Classic("0.1", "x", 1, 1, 2), Classic("1", "x", 1, 2, 2.7), Classic("10", "x", 4, 5, 9)),
        ["two"] = string.Join(',', Classic("1", "a", 0, 0), Classic("+Inf", "a", 0, 3), Classic("1", "short", 1), Classic("1", "a", 1, 2).Replace("h_bucket", "other"),
            Classic("1", "a", 1, 2).Replace("\"le\"", "\"more\"")),
        ["ragged"] = string.Join(',', Classic("1", "a", 1, 2, 3), Classic("+Inf", "a", 1, 2), Classic("2", "a", 1, double.NaN, 4)),
        ["unaligned"] = Classic("1", "a", 1, 2) + "," + Classic("+Inf", "a", 1, 2).Replace("1700000015", "1700000016"),
        ["native"] = string.Join(',',
            Native("y", """[0,"0","1","1"],[0,"1","2","2"]""", """[0,"0","1","1"]""", """[0,"0","1","2"],[0,"2","4","1"],[0,"4","8","1"]"""),
            Native("once", """[0,"0","1","1"]"""), Native("z", "", """[3,"-1","1","2"]""")),
        ["empty"] = "",
    };

    [Theory]
    [InlineData("--match=classic")]
    [InlineData("--match=two")]
    [InlineData("--match=ragged")]
    [InlineData("--match=unaligned")]
    [InlineData("--match=native")]
    [InlineData("--match=empty")]
    [InlineData("--match=vector")]
    [InlineData("--match=wrong")]
    [InlineData("--match=native", "--match=classic", "--time=1700000000.5", "--duration=90m")]
    [InlineData("--match=native", "--time=soon")]
    public async Task SameOutputSameRequests_AsPromtool(params string[] arguments)
    {
        var expected = await AskAsync(Programs.RequireNewestPeer("promtool"), arguments);
        var found = await AskAsync(null, arguments);
        Assert.Equal((expected.ExitCode, expected.Output), (found.ExitCode, found.Output));
        Assert.Equal(expected.Queries, found.Queries);
    }

    [Fact]
    public async Task Histograms_AreCounted()
    {
        var found = await AskAsync(null, ["--match=native", "--match=two", "--time=1700000000"]);
        Assert.Equal(0, found.ExitCode);
        Assert.Equal(["native[1h0m0s] 1700000000", "two[1h0m0s] 1700000000"], found.Queries);
        Assert.Contains("\n\n- h{job=\"y\"} (native): 1/2.000/3/4\n- h{job=\"z\"} (native): 0/0.500/1\n- h_bucket{job=\"a\"} (classic): 0/0.500/1/2\n\n", found.Output);
        Assert.Contains("\nNative histogram series (2 in total):\n- min populated: 0/0.500/1\n"
            + "- avg populated: 0/1.000/2\n- max populated: 1/2.000/3\n- total: 1/2.500/4\n", found.Output);
        Assert.EndsWith("\nClassic histogram series (1 in total):\n- min populated: 0/0.000/0\n"
            + "- avg populated: 0/0.000/0\n- max populated: 1/1.000/1\n- total: 2/2.000/2\n", found.Output);
    }

    static string Classic(string bound, string job, params double[] values)
    {
        var samples = values.Select(static (value, i) => FormattableString.Invariant($"[{1700000000 + 15 * i},\"{value}\"]"));
        return $$"""{"metric":{"__name__":"h_bucket","le":"{{bound}}","job":"{{job}}"},"values":[{{string.Join(',', samples)}}]}""";
    }

    static string Native(string job, params string[] buckets)
    {
        var samples = buckets.Select(static (one, i) => $$"""[{{1700000000 + 15 * i}},{"count":"5","sum":"1.5","buckets":[{{one}}]}]""");
        return $$"""{"metric":{"__name__":"h","job":"{{job}}"},"histograms":[{{string.Join(',', samples)}}]}""";
    }

    static async Task<(string Output, int ExitCode, List<string> Queries)> AskAsync(string? promtool, string[] arguments)
    {
        bool withTime = arguments.Any(static one => one.StartsWith("--time=", StringComparison.Ordinal));
        var queries = new List<string>();
        using var server = new LocalHttpServer(async http =>
        {
            using var reader = new StreamReader(http.Request.InputStream);
            var form = HttpUtility.ParseQueryString(http.Request.HttpMethod == "POST" ? await reader.ReadToEndAsync() : http.Request.Url!.Query);
            queries.Add(form["query"] + (withTime ? " " + form["time"] : ""));
            await AnswerAsync(http, form["query"]!.Split('[')[0]);
        });
        string[] call = ["query", "analyze", "--server=http://" + server.Address, "--type=histogram", .. arguments];
        await using var tool = promtool is null ? await Programs.RunVigieAsync(call) : await ChildProcess.RunAsync(promtool, call);
        return (tool.Output, tool.ExitCode, queries);
    }

    static Task AnswerAsync(HttpListenerContext http, string selector)
    {
        const string Success = """{"status":"success","data":{"resultType":""";
        string? body = s_results.TryGetValue(selector, out string? result) ? $"{Success}\"matrix\",\"result\":[{result}]}}}}"
            : selector == "vector" ? $"{Success}\"vector\",\"result\":[]}}}}" : null;
        http.Response.StatusCode = body is null ? 400 : 200;
        http.Response.ContentType = "application/json";
        body ??= """{"status":"error","errorType":"bad_data","error":"no such thing"}""";
        return http.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body)).AsTask();
    }
}
