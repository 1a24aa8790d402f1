using System.Globalization;
using System.Text;

namespace Vigie.Alerting;

/// <summary>Writes a mail as it goes over the wire: headers, then multipart/alternative with text and HTML (RFC 5322, RFC 2045 to 2047).</summary>
static class MailMessage
{
    /// <summary>Longest line of quoted-printable text.</summary>
    const int LineCharsMax = 76;

    /// <param name="headers">Without those of MIME; values may be any text.</param>
    /// <param name="text">"" for none.</param>
    /// <param name="html">"" for none.</param>
    /// <returns>The mail with dots at the start of lines doubled, ending in CRLF.</returns>
    public static byte[] Write(IEnumerable<KeyValuePair<string, string>> headers, string text, string html, string boundary)
    {
        var mail = new StringBuilder();
        foreach (var (name, value) in headers) mail.Append(CleanName(name)).Append(": ").Append(HeaderValue(value)).Append("\r\n");
        mail.Append("MIME-Version: 1.0\r\n");
        mail.Append(CultureInfo.InvariantCulture, $"Content-Type: multipart/alternative; boundary={boundary}\r\n\r\n");
        if (text.Length > 0) AppendPart(mail, boundary, "text/plain", text);
        if (html.Length > 0) AppendPart(mail, boundary, "text/html", html);
        mail.Append("--").Append(boundary).Append("--\r\n");
        return Encoding.UTF8.GetBytes(mail.ToString().Replace("\r\n.", "\r\n..", StringComparison.Ordinal));
    }

    static void AppendPart(StringBuilder mail, string boundary, string type, string body)
    {
        mail.Append("--").Append(boundary).Append("\r\n");
        mail.Append("Content-Transfer-Encoding: quoted-printable\r\n");
        mail.Append("Content-Type: ").Append(type).Append("; charset=UTF-8\r\n\r\n");
        AppendQuotedPrintable(mail, body);
        mail.Append("\r\n");
    }

    /// <summary>A header's value; what is not ASCII becomes encoded words.</summary>
    public static string HeaderValue(string value)
    {
        string line = value.ReplaceLineEndings(" ").Trim();
        if (line.All(static c => c is >= ' ' and <= '~')) return line;
        var encoded = new StringBuilder();
        var word = new StringBuilder();
        foreach (var rune in line.EnumerateRunes())
        {
            string piece = EncodedRune(rune);
            // An encoded word has at most 75 characters and never splits a character.
            if (word.Length + piece.Length > 75 - "=?utf-8?q??=".Length) Flush();
            word.Append(piece);
        }
        Flush();
        return encoded.ToString();

        void Flush()
        {
            if (word.Length == 0) return;
            if (encoded.Length > 0) encoded.Append("\r\n ");
            encoded.Append("=?utf-8?q?").Append(word).Append("?=");
            word.Clear();
        }
    }

    static string EncodedRune(Rune rune)
    {
        if (rune.Value == ' ') return "_";
        if (rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || rune.Value is '!' or '*' or '+' or '-' or '/'))
            return ((char)rune.Value).ToString();
        Span<byte> bytes = stackalloc byte[4];
        int length = rune.EncodeToUtf8(bytes);
        var text = new StringBuilder();
        foreach (byte b in bytes[..length]) text.Append(CultureInfo.InvariantCulture, $"={b:X2}");
        return text.ToString();
    }

    static void AppendQuotedPrintable(StringBuilder mail, string body)
    {
        foreach (string line in body.ReplaceLineEndings("\n").Split('\n'))
        {
            int length = 0;
            byte[] bytes = Encoding.UTF8.GetBytes(line);
            for (int i = 0; i < bytes.Length; i++)
            {
                byte b = bytes[i];
                bool isLast = i == bytes.Length - 1;
                bool plain = b is >= 33 and <= 126 and not (byte)'=' || (b is (byte)' ' or (byte)'\t' && !isLast);
                int width = plain ? 1 : 3;
                if (length + width > LineCharsMax - 1)
                {
                    mail.Append("=\r\n");
                    length = 0;
                }
                if (plain) mail.Append((char)b);
                else mail.Append(CultureInfo.InvariantCulture, $"={b:X2}");
                length += width;
            }
            mail.Append("\r\n");
        }
    }

    static string CleanName(string name) => string.Concat(name.Where(static c => c is > ' ' and < '\x7f' and not ':'));
}
