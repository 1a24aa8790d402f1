using System.Collections.Immutable;
using Vigie.Model;

namespace Vigie.Alerting;

/// <summary>
/// All silences. A change is on disk when the call returns. Rules of change are Alertmanager's: a running silence keeps its matchers and
/// its start; anything else makes a new one and ends the old. Safe for concurrent use.
/// </summary>
/// <param name="silencesMax">Most silences to hold, expired ones included.</param>
sealed class SilenceStore(AlertingState state, TimeProvider clock, int silencesMax)
{
    /// <summary>Held while changing; readers take what they see. Ordered before the lock of the state.</summary>
    readonly Lock _lock = new();
    volatile ImmutableDictionary<string, Silence> _silences = ImmutableDictionary.Create<string, Silence>(StringComparer.Ordinal);
    volatile Silence[] _unexpired = [];

    public void Restore(Silence silence)
    {
        lock (_lock) Replace(_silences.SetItem(silence.Id, silence));
    }

    public IEnumerable<Silence> Snapshot() => _silences.Values;

    public Silence? Find(string id) => _silences.GetValueOrDefault(id);

    /// <summary>The silences that mute an alert at a moment, by id.</summary>
    public IReadOnlyList<string> Muting(Labels labels, DateTimeOffset now)
    {
        List<string>? ids = null;
        foreach (var silence in _unexpired)
            if (silence.StateAt(now) == SilenceState.Active && silence.Matches(labels)) (ids ??= []).Add(silence.Id);
        ids?.Sort(StringComparer.Ordinal);
        return ids ?? (IReadOnlyList<string>)[];
    }

    /// <summary>Creates a silence, or changes the one whose id it carries.</summary>
    /// <returns>The id it has now; a new one if the old silence could not be changed this way.</returns>
    /// <exception cref="SilenceException">It is not valid, its id is unknown, or there are too many.</exception>
    /// <exception cref="StoreUnavailableException">The disk is full or failing; nothing has changed.</exception>
    public string Set(Silence wanted)
    {
        if (wanted.Problem() is { } problem) throw new SilenceException("invalid silence: " + problem);
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            Silence? known = null;
            if (wanted.Id.Length > 0 && !_silences.TryGetValue(wanted.Id, out known)) throw new SilenceException("silence not found", true);
            if (known is not null && CanChange(known, wanted, now))
            {
                Save(wanted with { UpdatedAt = now });
                return wanted.Id;
            }
            if (_silences.Count >= silencesMax)
                throw new SilenceException($"exceeded maximum number of silences: {_silences.Count} (limit: {silencesMax})");
            if (known is not null && known.StateAt(now) != SilenceState.Expired) Save(Ended(known, now));
            var starts = wanted.StartsAt < now ? now : wanted.StartsAt;
            var created = wanted with { Id = Guid.NewGuid().ToString(), StartsAt = starts, UpdatedAt = now };
            Save(created);
            return created.Id;
        }
    }

    /// <summary>Ends a silence now. One that is over already stays as it is.</summary>
    /// <returns>False if there is none of that id.</returns>
    public bool Expire(string id)
    {
        lock (_lock)
        {
            if (!_silences.TryGetValue(id, out var silence)) return false;
            var now = clock.GetUtcNow();
            if (silence.StateAt(now) != SilenceState.Expired) Save(Ended(silence, now));
            return true;
        }
    }

    /// <summary>Forgets silences that ended before a moment.</summary>
    public void RemoveEnded(DateTimeOffset before)
    {
        lock (_lock)
        {
            Replace(_silences.RemoveRange(_silences.Values.Where(silence => silence.EndsAt < before).Select(static silence => silence.Id)));
        }
    }

    static bool CanChange(Silence known, Silence wanted, DateTimeOffset now)
    {
        if (!known.Matchers.SequenceEqual(wanted.Matchers)) return false;
        return known.StateAt(now) switch
        {
            SilenceState.Active => known.StartsAt.ToUnixTimeSeconds() == wanted.StartsAt.ToUnixTimeSeconds() && wanted.EndsAt >= now,
            SilenceState.Pending => wanted.StartsAt >= now,
            _ => false,
        };
    }

    static Silence Ended(Silence silence, DateTimeOffset now) => silence with
    {
        StartsAt = silence.StateAt(now) == SilenceState.Pending ? now : silence.StartsAt,
        // One tick back: the end is inclusive, and an ended silence mutes nothing any more.
        EndsAt = silence.StateAt(now) == SilenceState.Pending ? now : now.AddTicks(-1),
        UpdatedAt = now,
    };

    /// <summary>In memory first: a snapshot of the state that is taken meanwhile has it then.</summary>
    void Save(Silence silence)
    {
        var before = _silences;
        Replace(before.SetItem(silence.Id, silence));
        try
        {
            state.Write(silence);
        }
        catch (IOException problem)
        {
            Replace(before);
            throw new StoreUnavailableException("the silence cannot be stored: " + problem.Message, problem);
        }
    }

    void Replace(ImmutableDictionary<string, Silence> silences)
    {
        var now = clock.GetUtcNow();
        _silences = silences;
        _unexpired = [.. silences.Values.Where(silence => silence.StateAt(now) != SilenceState.Expired)];
    }
}
