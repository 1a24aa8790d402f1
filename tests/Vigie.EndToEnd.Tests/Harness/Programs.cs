using System.Net;
using System.Net.Sockets;
using Vigie.Testing;

namespace Vigie.EndToEnd.Tests.Harness;

/// <summary>Where the built programs, the examples and the users' files are.</summary>
static class Programs
{
    public static string Root { get; } = FindRoot();

    /// <summary>Starts `vigie`: the published program that VIGIE_PROGRAM names, else the one of this build.</summary>
    /// <param name="withNohup">Started so that it ignores SIGHUP, as by nohup.</param>
    public static ChildProcess StartVigie(IEnumerable<string> arguments, string? folder = null, bool withNohup = false)
    {
        var (program, first) = Vigie;
        return withNohup
            ? ChildProcess.Start("/bin/sh", ["-c", "trap '' HUP; exec \"$@\"", "sh", program, .. first, .. arguments], folder)
            : ChildProcess.Start(program, [.. first, .. arguments], folder);
    }

    /// <summary>Runs `vigie` to its end.</summary>
    public static Task<ChildProcess> RunVigieAsync(params IEnumerable<string> arguments)
    {
        var (program, first) = Vigie;
        return ChildProcess.RunAsync(program, [.. first, .. arguments]);
    }

    static (string Program, string[] FirstArguments) Vigie
    {
        get
        {
            if (Environment.GetEnvironmentVariable("VIGIE_PROGRAM") is not { Length: > 0 } published) return ("dotnet", [Built("src/Vigie", "vigie.dll")]);
            return File.Exists(published) ? (published, []) : throw new FileNotFoundException("VIGIE_PROGRAM names no file", published);
        }
    }

    public static string Veza(string service) => Built("samples/Veza/" + service, service == "Veza.Load" ? "veza-load.dll" : service + ".dll");

    /// <summary>The folder with the guides' files, or null where it is absent.</summary>
    public static string? Guides
    {
        get
        {
            string folder = Environment.GetEnvironmentVariable("VIGIE_GUIDES") ?? Path.Combine(Root, "..", "shared", "guides");
            return Directory.Exists(folder) ? Path.GetFullPath(folder) : null;
        }
    }

    public static string RequireGuides()
    {
        Assert.SkipWhen(Guides is null, "the guides' files are not here: set VIGIE_GUIDES to their folder");
        return Guides!;
    }

    /// <summary>The newest build of a peer, from the folder that VIGIE_PEERS names.</summary>
    public static string RequireNewestPeer(string name)
    {
        string? found = PeerPrograms.Newest(name);
        Assert.SkipWhen(found is null, $"no {name} at hand: set VIGIE_PEERS to the folder of its newest build");
        return found!;
    }

    /// <summary>A program of a peer on PATH.</summary>
    public static string RequirePeer(string name)
    {
        string? found = PeerPrograms.OnPath(name);
        Assert.SkipWhen(found is null, $"{name} is not on PATH");
        return found!;
    }

    /// <summary>
    /// A port nobody listens on, given out once. Below the range from which the kernel takes ports for outgoing connections, so that none of
    /// those takes it before the server does.
    /// </summary>
    public static int FreePort()
    {
        const int First = 20_000, Count = 10_000;
        while (true)
        {
            int port = First + (int)((uint)Interlocked.Increment(ref s_portsTried) % Count);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }
    }

    static int s_portsTried = Environment.ProcessId * 97 % 10_000;

    static string Built(string project, string file)
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        string path = Path.Combine(Root, project, "bin", configuration, "net10.0", file);
        return File.Exists(path) ? path : throw new FileNotFoundException("build first", path);
    }

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Vigie.slnx"))) return folder.FullName;
        throw new InvalidOperationException("Vigie.slnx not found above " + AppContext.BaseDirectory);
    }
}
