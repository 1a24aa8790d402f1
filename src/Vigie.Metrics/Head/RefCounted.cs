namespace Vigie.Metrics;

/// <summary>A part of the store that readers may still need after the store has let go of it. Given back when the last one releases it.</summary>
abstract class RefCounted
{
    int _references = 1;

    public void Retain()
    {
        if (Interlocked.Increment(ref _references) <= 1) throw new InvalidOperationException("BUG: a part was retained after it was given back");
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0) GiveBack();
    }

    /// <summary>Frees what the part holds; nobody uses it any more.</summary>
    protected abstract void GiveBack();
}
