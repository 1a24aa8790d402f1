using System.Globalization;
using System.Text;
using Vigie.Model;

namespace Vigie.Protocols.Exposition;

/// <summary>A page that does not follow its format; the message has Prometheus' wording.</summary>
public sealed class ExpositionException(string message, int line) : Exception(message)
{
    /// <summary>Line of the entry at fault, from 1; 0 if the format has no lines.</summary>
    public int Line { get; } = line;

    /// <summary>Go's %q for bytes that may not be UTF-8.</summary>
    internal static string Quote(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder("\"");
        while (!bytes.IsEmpty)
        {
            bool valid = Rune.DecodeFromUtf8(bytes, out var rune, out int length) == System.Buffers.OperationStatus.Done;
            if (valid)
            {
                string quoted = GoText.Quote(rune.ToString());
                text.Append(quoted, 1, quoted.Length - 2);
            }
            else
            {
                length = 1;
                text.Append(CultureInfo.InvariantCulture, $"\\x{bytes[0]:x2}");
            }
            bytes = bytes[length..];
        }
        return text.Append('"').ToString();
    }
}
