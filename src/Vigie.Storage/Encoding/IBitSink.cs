namespace Vigie.Storage;

/// <summary>Takes bits, the first one into the least significant free position. Implemented by structs, so that encoders are compiled for each.</summary>
public interface IBitSink
{
    /// <param name="bits">The bits, in the lowest <paramref name="count"/> places; the others are zero.</param>
    /// <param name="count">1 to 64.</param>
    void Write(ulong bits, int count);
}
