using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Vigie.Alerting;

/// <summary>The server refused a command or speaks another protocol.</summary>
sealed class SmtpException(string message, int code = 0) : Exception(message)
{
    /// <summary>5xx: the server will say the same again.</summary>
    public bool IsPermanent => code is >= 500 and < 600;
}

/// <summary>A connection to a mail server: as much of SMTP as sending one mail takes (RFC 5321, STARTTLS RFC 3207, AUTH RFC 4954).</summary>
sealed class SmtpConnection : IAsyncDisposable
{
    const int LineBytesMax = 4096, LinesMax = 100;

    readonly byte[] _buffer = new byte[LineBytesMax];
    readonly string _host;
    Stream _stream;
    int _from, _to;
    Dictionary<string, string> _extensions = new(StringComparer.OrdinalIgnoreCase);

    SmtpConnection(Stream stream, string host)
    {
        _stream = stream;
        _host = host;
    }

    public bool IsEncrypted => _stream is SslStream;

    /// <param name="tls">How to encrypt at once (port 465); null to begin in clear.</param>
    public static async Task<SmtpConnection> OpenAsync(
        string host, int port, string hello, SslClientAuthenticationOptions? tls, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SmtpConnection? connection = null;
        try
        {
            await socket.ConnectAsync(host, port, cancellation);
            connection = new SmtpConnection(new NetworkStream(socket, ownsSocket: true), host);
            if (tls is not null) await connection.EncryptAsync(tls, cancellation);
            await connection.ExpectAsync(220, cancellation);
            await connection.HelloAsync(hello, cancellation);
            return connection;
        }
        catch
        {
            if (connection is not null) await connection.DisposeAsync();
            else socket.Dispose();
            throw;
        }
    }

    public bool Offers(string extension) => _extensions.ContainsKey(extension);

    /// <summary>Words behind an extension the server offers, such as the mechanisms of AUTH.</summary>
    public string[] WordsOf(string extension) =>
        _extensions.TryGetValue(extension, out string? words) ? words.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];

    public async Task StartTlsAsync(string hello, SslClientAuthenticationOptions tls, CancellationToken cancellation)
    {
        await CommandAsync("STARTTLS", 220, cancellation);
        // What came before the handshake could have been put there by somebody else.
        if (_from < _to) throw new SmtpException("unexpected data before the TLS handshake");
        await EncryptAsync(tls, cancellation);
        await HelloAsync(hello, cancellation);
    }

    public Task AuthenticatePlainAsync(string identity, string username, string password, CancellationToken cancellation)
    {
        RequireEncryption();
        return CommandAsync("AUTH PLAIN " + Base64($"{identity}\0{username}\0{password}"), 235, cancellation);
    }

    public async Task AuthenticateLoginAsync(string username, string password, CancellationToken cancellation)
    {
        RequireEncryption();
        await CommandAsync("AUTH LOGIN", 334, cancellation);
        await CommandAsync(Base64(username), 334, cancellation);
        await CommandAsync(Base64(password), 235, cancellation);
    }

    public async Task AuthenticateCramMd5Async(string username, string secret, CancellationToken cancellation)
    {
        string challenge = await CommandAsync("AUTH CRAM-MD5", 334, cancellation);
        byte[] text;
        try
        {
            text = Convert.FromBase64String(challenge.Trim());
        }
        catch (FormatException)
        {
            throw new SmtpException("the challenge of AUTH CRAM-MD5 is not base64");
        }
        await CommandAsync(Base64($"{username} {Convert.ToHexStringLower(CramMd5(secret, text))}"), 235, cancellation);
    }

    public async Task SendAsync(string from, IReadOnlyList<string> recipients, byte[] mail, CancellationToken cancellation)
    {
        await CommandAsync($"MAIL FROM:<{from}>{(Offers("8BITMIME") ? " BODY=8BITMIME" : "")}", 250, cancellation);
        foreach (string recipient in recipients) await CommandAsync($"RCPT TO:<{recipient}>", 250, cancellation);
        await CommandAsync("DATA", 354, cancellation);
        await _stream.WriteAsync(mail, cancellation);
        await CommandAsync(".", 250, cancellation);
    }

    public Task QuitAsync(CancellationToken cancellation) => CommandAsync("QUIT", 221, cancellation);

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    /// <summary>HMAC-MD5 is what CRAM-MD5 is made of (RFC 2195); the server chooses it, we offer better ones first where it has them.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5351", Justification = "RFC 2195 defines CRAM-MD5 with HMAC-MD5.")]
    static byte[] CramMd5(string secret, byte[] challenge) => HMACMD5.HashData(Encoding.UTF8.GetBytes(secret), challenge);

    void RequireEncryption()
    {
        if (!IsEncrypted && _host is not ("localhost" or "127.0.0.1" or "::1"))
            throw new SmtpException("the password is not sent over a connection without TLS", 530);
    }

    async Task EncryptAsync(SslClientAuthenticationOptions tls, CancellationToken cancellation)
    {
        var encrypted = new SslStream(_stream, leaveInnerStreamOpen: false);
        _stream = encrypted;
        _from = _to = 0;
        await encrypted.AuthenticateAsClientAsync(tls, cancellation);
    }

    async Task HelloAsync(string hello, CancellationToken cancellation)
    {
        string answer = await CommandAsync("EHLO " + hello, 250, cancellation);
        _extensions = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string line in answer.Split('\n').Skip(1))
        {
            string[] words = line.Split(' ', 2);
            _extensions[words[0]] = words.Length > 1 ? words[1] : "";
        }
    }

    async Task<string> CommandAsync(string line, int expected, CancellationToken cancellation)
    {
        if (line.AsSpan().ContainsAny('\r', '\n')) throw new SmtpException("line break in an address or command", 500);
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), cancellation);
        return await ExpectAsync(expected, cancellation);
    }

    /// <returns>The text of the answer without its codes, lines separated by \n.</returns>
    async Task<string> ExpectAsync(int expected, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        for (int lines = 0; lines < LinesMax; lines++)
        {
            string line = await ReadLineAsync(cancellation);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out int code))
                throw new SmtpException("the server does not speak SMTP");
            if (lines > 0) text.Append('\n');
            text.Append(line.Length > 4 ? line[4..] : "");
            if (line.Length > 3 && line[3] == '-') continue;
            if (code != expected) throw new SmtpException($"{code} {text.ToString().ReplaceLineEndings(" ")}", code);
            return text.ToString();
        }
        throw new SmtpException("the answer of the server has too many lines");
    }

    async Task<string> ReadLineAsync(CancellationToken cancellation)
    {
        var line = new List<byte>(128);
        while (line.Count < LineBytesMax)
        {
            if (_from == _to)
            {
                (_from, _to) = (0, await _stream.ReadAsync(_buffer, cancellation));
                if (_to == 0) throw new SmtpException("the server closed the connection");
            }
            byte next = _buffer[_from++];
            if (next == '\n') return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(next);
        }
        throw new SmtpException("the answer of the server is too long");
    }

    static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
