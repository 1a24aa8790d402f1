using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Veza.Load;

/// <summary>The command line.</summary>
sealed record LoadOptions
{
    public const string HelpText =
        """
        veza-load: drives the Veza services over HTTP and WebSocket, and breaks them on request.

        Usage: veza-load [options]

        Traffic
          --rate N           actions per second, about one call each (default 20; 0 for none)
          --users N          users who register and log in at the start (default 150)
          --sockets N        WebSocket connections to the chat (default 40)
          --streams N        streams on the air (default 12)
          --for DURATION     how long, such as 90s, 5m, 1h30m (default: until stopped)
          --quiet            no report every 10 seconds

        Faults (taken away at the end, on Ctrl-C, and by the services themselves if veza-load dies)
          --errors SHARE     share of the calls that fail with 500, 0 to 1
          --latency DURATION delay of all calls, such as 250ms, 3s
          --on NAMES         services that get the faults, of backend,chat,stream (default: all)
          --stop NAME        asks one service to stop, and exits

        Services
          --backend URL      default http://localhost:8080
          --chat URL         default http://localhost:8081
          --stream URL       default http://localhost:8082

        Examples
          veza-load --errors 0.2 --latency 3s --for 5m
          veza-load --rate 0 --errors 0.5 --on backend --for 2m
          veza-load --stop chat

        """;

    static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789.");
    static readonly string[] s_names = ["backend", "chat", "stream"];

    public bool Help { get; private init; }
    public bool Quiet { get; private init; }
    public double Rate { get; private init; } = 20;
    public int Users { get; private init; } = 150;
    public int Sockets { get; private init; } = 40;
    public int Streams { get; private init; } = 12;
    public double Errors { get; private init; }
    public TimeSpan Latency { get; private init; }
    public TimeSpan? For { get; private init; }
    public string? Stop { get; private init; }
    public IReadOnlyList<string> On { get; private init; } = s_names;
    public Uri Backend { get; private init; } = new("http://localhost:8080");
    public Uri Chat { get; private init; } = new("http://localhost:8081");
    public Uri Stream { get; private init; } = new("http://localhost:8082");

    public bool HasFaults => Errors > 0 || Latency > TimeSpan.Zero;

    public static bool TryParse(string[] args, [NotNullWhen(true)] out LoadOptions? options, [NotNullWhen(false)] out string? problem)
    {
        options = null;
        problem = null;
        var parsed = new LoadOptions();
        for (var i = 0; i < args.Length; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], null);
            if (name is "--help" or "-h" or "--quiet")
            {
                parsed = name == "--quiet" ? parsed with { Quiet = true } : parsed with { Help = true };
                continue;
            }
            value ??= i + 1 < args.Length ? args[++i] : "";
            if (parsed.With(name, value) is not ({ } next, _))
            {
                problem = parsed.Problem(name, value);
                return false;
            }
            parsed = next;
        }
        options = parsed;
        return true;
    }

    /// <summary>"1h30m", "3s", "250ms"; null when it is none.</summary>
    public static TimeSpan? ParseDuration(string text)
    {
        var total = TimeSpan.Zero;
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(s_digits);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return null;
            rest = rest[digits..];
            var letters = rest.IndexOfAny(s_digits) is >= 0 and var next ? next : rest.Length;
            double? unitSeconds = rest[..letters] switch
            {
                "ms" => 0.001,
                "s" => 1,
                "m" => 60,
                "h" => 3600,
                "d" => 86400,
                _ => null,
            };
            if (unitSeconds is null) return null;
            total += TimeSpan.FromSeconds(number * unitSeconds.Value);
            rest = rest[letters..];
        }
        return text.Length > 0 && total <= TimeSpan.FromDays(24) ? total : null;
    }

    /// <summary>The options with one more set; null when the value is wrong, and then what was expected; two nulls for an unknown name.</summary>
    (LoadOptions? Options, string? Expected) With(string name, string value) => name switch
    {
        "--rate" => (Number(value, 2000) is { } rate ? this with { Rate = rate } : null, "a number from 0 to 2000"),
        "--users" => (Number(value, 5000) is >= 1 and var users ? this with { Users = (int)users } : null, "a number from 1 to 5000"),
        "--sockets" => (Number(value, 2000) is { } sockets ? this with { Sockets = (int)sockets } : null, "a number from 0 to 2000"),
        "--streams" => (Number(value, 150) is { } streams ? this with { Streams = (int)streams } : null, "a number from 0 to 150"),
        "--errors" => (Number(value, 1) is { } errors ? this with { Errors = errors } : null, "a share from 0 to 1"),
        "--latency" => (Duration(value, TimeSpan.FromMinutes(1)) is { } delay ? this with { Latency = delay } : null, "a duration up to 1m, such as 3s"),
        "--for" => (Duration(value, TimeSpan.MaxValue) is { } time ? this with { For = time } : null, "a duration such as 5m"),
        "--stop" => (s_names.Contains(value) ? this with { Stop = value } : null, "backend, chat or stream"),
        "--on" => (value.Split(',') is var on && on.All(s_names.Contains) ? this with { On = on } : null, "names of backend,chat,stream"),
        "--backend" => (Address(value) is { } backend ? this with { Backend = backend } : null, "an http address"),
        "--chat" => (Address(value) is { } chat ? this with { Chat = chat } : null, "an http address"),
        "--stream" => (Address(value) is { } stream ? this with { Stream = stream } : null, "an http address"),
        _ => (null, null),
    };

    string Problem(string name, string value) =>
        With(name, value).Expected is { } expected ? $"{name}: \"{value}\", expected {expected}" : $"unknown option {name}";

    static double? Number(string text, double max) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 0 && number <= max ? number : null;

    static TimeSpan? Duration(string text, TimeSpan max) => ParseDuration(text) is { } duration && duration <= max ? duration : null;

    static Uri? Address(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp ? uri : null;
}
