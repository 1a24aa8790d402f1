using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Alerting;
using Vigie.Configuration.Alertmanager;
using Vigie.Conformance.Tests.Configuration;
using Vigie.Conformance.Tests.Template;
using Vigie.Model;
using Vigie.Testing;

namespace Vigie.Conformance.Tests.Alertmanager;

/// <summary>alertmanager/scenarios.json and webhook_bodies.json, on virtual time: what receivers get, and when.</summary>
public sealed class ScenarioConformanceTests
{
    const double ArrivalTolerance = 0.15, StartTolerance = 0.2;

    /// <summary>The bodies each webhook got in a scenario, with the time of arrival.</summary>
    sealed class Receiver : HttpMessageHandler
    {
        public List<(double At, string Webhook, JsonNode Body)> Received { get; } = [];
        public required Func<double> Now { get; init; }
        public required Func<string, (double FailUntil, double SlowUntil, double Delay)> Settings { get; init; }
        public required TimeProvider Clock { get; init; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string webhook = request.RequestUri!.AbsolutePath.Trim('/');
            var (failUntil, slowUntil, delay) = Settings(webhook);
            if (Now() < failUntil) return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
            if (Now() < slowUntil)
            {
                await DelayAsync(TimeSpan.FromSeconds(delay), cancellationToken);
                return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
            }
            using var body = new MemoryStream();
            request.Content!.CopyTo(body, null, cancellationToken);
            Received.Add((Now(), webhook, JsonNode.Parse(body.ToArray())!));
            return new HttpResponseMessage(HttpStatusCode.OK);
        }

        /// <summary>Unlike Task.Delay it goes on at once when it is cancelled, not on another thread: virtual time stays in order.</summary>
        async Task DelayAsync(TimeSpan delay, CancellationToken cancellation)
        {
            var done = new TaskCompletionSource();
            using var timer = Clock.CreateTimer(_ => done.TrySetResult(), null, delay, Timeout.InfiniteTimeSpan);
            using var registration = cancellation.Register(() => done.TrySetCanceled(cancellation));
            await done.Task;
        }
    }

    [Fact]
    public void Scenarios() => VectorFile.Check("alertmanager/scenarios.json", test =>
    {
        var received = Play(test, out var start);
        return Judge(test, received, start);
    });

    [Fact]
    public void WebhookBodies()
    {
        if (!ConformanceData.IsPresent) return;
        var scenarios = JsonNode.Parse(File.ReadAllText(ConformanceData.PathOf("alertmanager", "scenarios.json")))!["cases"]!.AsArray();
        VectorFile.Check("alertmanager/webhook_bodies.json", test =>
        {
            // A recording of a scenario that the data does not hold.
            if (scenarios.FirstOrDefault(scenario => scenario!["name"]!.ToString() == test["scenario"]!.ToString()) is not { } played)
                return BodyOfOwnScenario(test["body"]!);
            string expected = WithoutTimes(test["body"]!);
            string[] actual = [.. Play(played, out _).Where(body => body.Webhook == test["webhook"]!.ToString()).Select(body => WithoutTimes(body.Body))];
            return actual.Contains(expected) ? null : $"\nexpected {expected}\nfound    {string.Join("\n         ", actual)}";
        });
    }

    /// <summary>Plays a scenario that leads to a recorded body: its alerts fire, and resolve if they are resolved in it.</summary>
    static string? BodyOfOwnScenario(JsonNode body)
    {
        string groupBy = string.Join(", ", body["groupLabels"]!.AsObject().Select(static pair => pair.Key));
        var push = new JsonArray([.. body["alerts"]!.AsArray().Select(static alert => new JsonObject { ["labels"] = alert!["labels"]!.DeepClone(), ["startsAt"] = 1.0 })]);
        var actions = new JsonArray(new JsonObject { ["at"] = 1.0, ["push"] = push });
        if (body["status"]!.ToString() == "resolved")
        {
            var end = push.DeepClone();
            foreach (var alert in end.AsArray()) alert!["endsAt"] = 3.0;
            actions.Add(new JsonObject { ["at"] = 3.0, ["push"] = end });
        }
        var scenario = new JsonObject
        {
            ["config"] = $"""
                route:
                  receiver: default
                  group_by: [{groupBy}]
                  group_wait: 1s
                  group_interval: 1s
                receivers:
                - name: default
                  webhook_configs: [url: http://hook.test/main]
                """,
            ["actions"] = actions,
            ["until"] = 5.0,
        };
        string expected = WithoutTimes(body);
        string[] actual = [.. Play(scenario, out _).Select(received => WithoutTimes(received.Body))];
        return actual.Contains(expected) ? null : $"\nexpected {expected}\nfound    {string.Join("\n         ", actual)}";
    }

    static string WithoutTimes(JsonNode body)
    {
        var copy = body.DeepClone();
        foreach (var alert in copy["alerts"]!.AsArray())
        {
            alert!["startsAt"] = "";
            if (alert["status"]!.ToString() == "resolved") alert["endsAt"] = "";
        }
        return copy.ToJsonString();
    }

    static List<(double At, string Webhook, JsonNode Body)> Play(JsonNode test, out DateTimeOffset start)
    {
        var clock = new ManualTimeProvider();
        var begin = clock.GetUtcNow();
        start = begin;
        var settings = test["webhooks"];
        using var handler = new Receiver
        {
            Clock = clock,
            Now = () => (clock.GetUtcNow() - begin).TotalSeconds,
            Settings = name => (Number(settings?[name]?["failUntil"]), Number(settings?[name]?["slowUntil"]), Number(settings?[name]?["delay"])),
        };
        string text = test["config"]!.ToString().Replace("{{webhook:", "http://hook.test/", StringComparison.Ordinal).Replace("}}", "", StringComparison.Ordinal);
        var config = AlertmanagerConfigs.Load(text);
        var files = new FolderFiles(".");
        using var service = AlertmanagerService.Open(
            new AlertmanagerOptions { Directory = "am", ExternalUrl = "http://alertmanager:9093", HttpHandlers = _ => handler, Random = static () => 0.5 }, config, files,
            new CrashableFileSystem(1), clock, NullLogger.Instance);
        var silences = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var action in test["actions"]!.AsArray())
        {
            clock.AdvanceTo(begin.AddSeconds((double)action!["at"]!));
            Act(service, action, config, files, silences, begin);
        }
        clock.AdvanceTo(begin.AddSeconds((double)test["until"]!));
        return handler.Received;
    }

    static void Act(
        AlertmanagerService service, JsonNode action, AlertmanagerConfig config, FolderFiles files, Dictionary<string, string> silences, DateTimeOffset begin)
    {
        DateTimeOffset? Time(JsonNode? seconds) => seconds is null ? null : begin.AddSeconds((double)seconds);
        if (action["push"] is { } push)
        {
            foreach (var alert in push.AsArray())
                Assert.Null(service.Receive(new ReceivedAlert(
                    TemplateData.Labels(alert!["labels"]), TemplateData.Labels(alert["annotations"]), Time(alert["startsAt"]), Time(alert["endsAt"]), "")));
        }
        else if (action["silence"] is { } silence)
        {
            var matchers = silence["matchers"]!.AsArray().Select(static matcher => new LabelMatcher(
                matcher![1]!.ToString() switch { "=" => MatchType.Equal, "!=" => MatchType.NotEqual, "=~" => MatchType.Regex, _ => MatchType.NotRegex },
                matcher[0]!.ToString(), matcher[2]!.ToString()));
            silences[silence["id"]!.ToString()] = service.SetSilence(
                new Silence("", [.. matchers], Time(silence["from"])!.Value, Time(silence["to"])!.Value, default, "t", "t"));
        }
        else if (action["deleteSilence"] is { } id) Assert.True(service.ExpireSilence(silences[id.ToString()]));
        else if (action["reload"] is not null) service.Apply(config with { }, files);
        else throw new InvalidDataException("unknown action " + action.ToJsonString());
    }

    static string? Judge(JsonNode test, List<(double At, string Webhook, JsonNode Body)> received, DateTimeOffset start)
    {
        var left = received.ToList();
        foreach (var (webhook, expectations) in test["expect"]!.AsObject())
        {
            foreach (var expected in expectations!.AsArray())
            {
                double from = (double)expected!["between"]![0]! - ArrivalTolerance, to = (double)expected["between"]![1]! + ArrivalTolerance;
                int at = left.FindIndex(body => body.Webhook == webhook && body.At >= from && body.At <= to && Matches(expected, body.Body, start));
                if (at < 0) return $"missing at {webhook}: {expected.ToJsonString()}\nreceived: {string.Join('\n', received.Select(Show))}";
                left.RemoveAt(at);
            }
        }
        return left.Count == 0 ? null : "not expected: " + Show(left[0]);
    }

    static string Show((double At, string Webhook, JsonNode Body) received) =>
        string.Create(CultureInfo.InvariantCulture, $"{received.At} {received.Webhook} {received.Body.ToJsonString()}");

    static bool Matches(JsonNode expected, JsonNode body, DateTimeOffset start)
    {
        var alerts = body["alerts"]!.AsArray();
        if (expected["alerts"] is not { } wanted)
            return alerts.Count == (int)expected["alertCount"]! && (int)body["truncatedAlerts"]! == (int)expected["truncatedAlerts"]!;
        return wanted.AsArray().Count == alerts.Count && wanted.AsArray().All(want => alerts.Any(alert => MatchesAlert(want!, alert!, start)));
    }

    static bool MatchesAlert(JsonNode want, JsonNode alert, DateTimeOffset start)
    {
        double Seconds(string key) => (DateTimeOffset.Parse(alert[key]!.ToString(), CultureInfo.InvariantCulture) - start).TotalSeconds;
        bool resolved = want["endsAt"] is not null;
        return JsonNode.DeepEquals(want["labels"], alert["labels"])
            && JsonNode.DeepEquals(want["annotations"] ?? new JsonObject(), alert["annotations"])
            && Math.Abs(Seconds("startsAt") - (double)want["startsAt"]!) <= StartTolerance
            && alert["status"]!.ToString() == (resolved ? "resolved" : "firing")
            && (!resolved || Math.Abs(Seconds("endsAt") - (double)want["endsAt"]!) <= StartTolerance);
    }

    static double Number(JsonNode? node) => node is null ? 0 : (double)node;
}
