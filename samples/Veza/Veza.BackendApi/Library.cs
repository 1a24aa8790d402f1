using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Veza.Shared;
using static Veza.Shared.MeterNames;

namespace Veza.BackendApi;

/// <summary>Tracks and playlists.</summary>
public sealed class Library
{
    const int TracksMax = 5_000;
    const int SearchResultsMax = 20;
    const int FirstTracks = 200;
    static readonly string[] s_genres = ["ambient", "house", "jazz", "techno", "folk"];

    readonly ConcurrentDictionary<int, Track> _tracks = new();
    readonly Database _database;
    readonly Counter<long> _uploads;
    readonly Histogram<long> _uploadSizes;
    int _lastTrackId;
    int _lastPlaylistId;
    long _tracksUploaded;
    long _playlists;

    public Library(IMeterFactory meters, Database database)
    {
        _database = database;
        while (_lastTrackId < FirstTracks)
        {
            var id = ++_lastTrackId;
            _tracks[id] = new Track(id, $"Track {id}", s_genres[id % s_genres.Length], "audio/mpeg", 4_000_000);
        }
        var meter = meters.Create("Veza.Library");
        meter.Counter("Total number of tracks uploaded.", () => Interlocked.Read(ref _tracksUploaded), "tracks_uploaded_total");
        meter.Counter("Total number of files uploaded.", () => Interlocked.Read(ref _tracksUploaded), "veza_files_uploaded_total");
        meter.Counter("Total number of playlists created.", () => Interlocked.Read(ref _playlists), "playlists_created_total");
        _uploads = meter.CreateCounter<long>("uploads_total", null, "Uploads by type of file.");
        _uploadSizes = meter.CreateHistogram("uploads_size_bytes", null, "Size of uploads in bytes, by type of file.", null,
            new InstrumentAdvice<long> { HistogramBucketBoundaries = [1_000, 10_000, 50_000, 100_000, 500_000, 1_000_000, 10_000_000] });
    }

    public int Count => _tracks.Count;

    public Task<Track?> FindAsync(int id, CancellationToken cancellationToken) =>
        _database.SelectAsync("tracks", () => _tracks.GetValueOrDefault(id), cancellationToken);

    public Task<List<Track>> SearchAsync(string text, CancellationToken cancellationToken) =>
        _database.SelectAsync("tracks", () => _tracks.Values
            .Where(track => track.Title.Contains(text, StringComparison.OrdinalIgnoreCase) || track.Genre == text)
            .Take(SearchResultsMax).ToList(), cancellationToken);

    /// <summary>Adds a track; the oldest uploaded one makes room when there are too many.</summary>
    public Task<Track> UploadAsync(string title, string contentType, long bytes, CancellationToken cancellationToken) =>
        _database.InsertAsync("tracks", () =>
        {
            var id = Interlocked.Increment(ref _lastTrackId);
            var track = new Track(id, title, s_genres[id % s_genres.Length], contentType, bytes);
            _tracks[id] = track;
            _tracks.TryRemove(id - TracksMax, out _);
            var fileType = FileType(contentType);
            Interlocked.Increment(ref _tracksUploaded);
            _uploads.Add(1, Tag("file_type", fileType));
            _uploadSizes.Record(bytes, Tag("file_type", fileType));
            return track;
        }, cancellationToken);

    public Task<int> CreatePlaylistAsync(CancellationToken cancellationToken) => _database.InsertAsync("playlists", () =>
    {
        Interlocked.Increment(ref _playlists);
        return Interlocked.Increment(ref _lastPlaylistId);
    }, cancellationToken);

    static string FileType(string contentType) => contentType switch
    {
        "audio/mpeg" => "mp3",
        "audio/flac" => "flac",
        "audio/ogg" => "ogg",
        "image/jpeg" => "jpeg",
        _ => "other",
    };
}

/// <summary>A track as the API shows it.</summary>
public sealed record Track(int Id, string Title, string Genre, string ContentType, long Bytes);
