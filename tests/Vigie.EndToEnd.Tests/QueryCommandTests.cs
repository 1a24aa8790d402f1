using System.Globalization;
using System.Net;
using System.Text;
using System.Web;
using Vigie.EndToEnd.Tests.Harness;
using Vigie.Testing;

namespace Vigie.EndToEnd.Tests;

/// <summary>`vigie query` prints what promtool prints, given the same answers of an API.</summary>
public class QueryCommandTests
{
    static readonly Dictionary<string, string> s_answers = new()
    {
        ["vector"] = """
            {"resultType":"vector","result":[
                {"metric":{"__name__":"up","instance":"a:1","job":"x \"y\""},"value":[1700000000.500,"1"]},
                {"metric":{"__name__":"bare"},"value":[1700000000,"1e-07"]},
                {"metric":{},"value":[1700000000.120,"1.5e+22"]},
                {"metric":{"le":"+Inf"},"value":[1700000000.007,"NaN"]}]}
            """,
        ["empty"] = """{"resultType":"vector","result":[]}""",
        ["histogram"] = """
            {"resultType":"vector","result":[{"metric":{"__name__":"h"},"histogram":[1700000000.500,
                {"count":"4","sum":"1.25","buckets":[[3,"-0.001","0.001","1"],[1,"-2","-1","1.5"],[0,"1e-07","2","1"],[2,"4","+Inf","0.5"]]}]}]}
            """,
        ["matrix"] = """
            {"resultType":"matrix","result":[
                {"metric":{"__name__":"up","job":"x"},"values":[[1700000000,"1"],[1700000015.250,"-0"]]},
                {"metric":{"__name__":"h"},"values":[[1700000000,"2"]]}]}
            """,
        ["scalar"] = """{"resultType":"scalar","result":[1700000000.250,"1e-09"]}""",
        ["string"] = """{"resultType":"string","result":[1700000000,"a text"]}""",
        ["series"] = """[{"__name__":"up","instance":"a:1","job":"x"},{"__name__":"bare"},{}]""",
        ["values"] = """["a","b c","é"]""",
    };

    [Theory]
    [InlineData("instant", "SERVER", "vector")]
    [InlineData("instant", "SERVER", "empty")]
    [InlineData("instant", "SERVER", "scalar")]
    [InlineData("instant", "SERVER", "vector", "--time=1700000000.5")]
    [InlineData("instant", "SERVER", "vector", "--time=2023-11-14T22:13:20Z")]
    [InlineData("instant", "SERVER", "wrong")]
    [InlineData("range", "SERVER", "matrix")]
    [InlineData("range", "SERVER", "matrix", "--end=2023-11-14T22:13:20Z")]
    [InlineData("range", "SERVER", "matrix", "--end=2023-11-14T22:13:20Z", "--start=1699990000")]
    [InlineData("range", "SERVER", "matrix", "--end=1700000000", "--start=1699999990.5", "--step=1m30s", "--header=X-Scope=me")]
    [InlineData("series", "SERVER", "--match=series")]
    [InlineData("series", "SERVER", "--match=series", "--match=b", "--start=1700000000", "--end=2023-11-14T22:13:21Z")]
    [InlineData("labels", "SERVER", "job")]
    [InlineData("labels", "SERVER", "job", "--match=up", "--start=1700000000", "--end=1700000001")]
    public async Task SameOutput_SameRequest(params string[] arguments)
    {
        foreach (string format in new[] { "promql", "json" })
        {
            var expected = await AskAsync(Programs.RequirePeer("promtool"), format, arguments);
            var found = await AskAsync(null, format, arguments);
            Assert.Equal(expected.Output, found.Output);
            Assert.Equal(expected.ExitCode, found.ExitCode);
            // Where promtool leaves a time out it sends its own now, or the ends of time; those are not compared.
            foreach (var (name, value) in found.Parameters)
                if (name is not ("time" or "start" or "end") || arguments.Any(one => one.StartsWith($"--{name}=", StringComparison.Ordinal)))
                    Assert.Equal($"{name}={Seconds(expected.Parameters[name])}", $"{name}={Seconds(value)}");
        }
    }

    /// <summary>What the promtool at hand is too old for.</summary>
    [Theory]
    [InlineData("string", "a text")]
    [InlineData("histogram", "h => Count: 4.000000, Sum: 1.250000, Buckets: [[-0.001,0.001]:1 [-2,-1):1.5 (1e-07,2]:1 (4,+Inf):0.5] @[1700000000.5]")]
    public async Task NewerTypes_ArePrinted(string query, string expected) =>
        Assert.Equal(expected, (await AskAsync(null, "promql", ["instant", "SERVER", query])).Output.Trim());

    [Theory]
    [InlineData("start time is not before end time", "range", "SERVER", "matrix", "--start=1700000000", "--end=1699999990")]
    [InlineData("error parsing end time: cannot parse \"soon\" to a valid timestamp", "range", "SERVER", "matrix", "--end=soon")]
    [InlineData("cannot parse \"often\" to a valid duration above zero", "range", "SERVER", "matrix", "--step=often")]
    public async Task BadArguments_AreNamed(string expected, params string[] arguments)
    {
        var found = await AskAsync(null, "promql", arguments);
        Assert.Equal((expected, 1), (found.Output.Trim(), found.ExitCode));
        Assert.Empty(found.Parameters);
    }

    /// <summary>A time or duration in seconds without trailing zeros, whatever form it has.</summary>
    static string Seconds(string value)
    {
        if (DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out var time)) return Text(time.ToUnixTimeMilliseconds() / 1000m);
        return decimal.TryParse(value, CultureInfo.InvariantCulture, out decimal seconds) ? Text(seconds) : value;

        static string Text(decimal number) => number.ToString("0.###", CultureInfo.InvariantCulture);
    }

    static async Task<(string Output, int ExitCode, Dictionary<string, string> Parameters)> AskAsync(string? promtool, string format, string[] arguments)
    {
        var parameters = new Dictionary<string, string>();
        using var server = new LocalHttpServer(http => AnswerAsync(http, parameters));
        string[] output = promtool is null ? ["-o", format] : ["--format=" + format];
        IEnumerable<string> call = ["query", .. output, .. arguments.Select(one => one == "SERVER" ? "http://" + server.Address : one)];
        await using var tool = promtool is null ? await Programs.RunVigieAsync(call) : await ChildProcess.RunAsync(promtool, call);
        return (tool.Output, tool.ExitCode, parameters);
    }

    static async Task AnswerAsync(HttpListenerContext http, Dictionary<string, string> parameters)
    {
        string path = http.Request.Url!.AbsolutePath;
        using var reader = new StreamReader(http.Request.InputStream);
        var form = HttpUtility.ParseQueryString(http.Request.HttpMethod == "POST" ? await reader.ReadToEndAsync() : http.Request.Url.Query);
        foreach (string name in form.AllKeys.OfType<string>()) parameters[name] = form[name]!;
        string key = path.EndsWith("/series", StringComparison.Ordinal) ? "series" : path.EndsWith("/values", StringComparison.Ordinal) ? "values" : form["query"] ?? "";
        bool isKnown = s_answers.TryGetValue(key, out string? data);
        http.Response.StatusCode = isKnown ? 200 : 400;
        http.Response.ContentType = "application/json";
        string body = isKnown ? $$"""{"status":"success","data":{{data}}}""" : """{"status":"error","errorType":"bad_data","error":"invalid parameter \"query\""}""";
        await http.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
    }
}
