namespace Vigie.Server.Surfaces.Alertmanager;

/// <summary>
/// A request that API version 2 refuses. Its generated layer answers with <c>{"code":…,"message":…}</c>, its own code with the message as a
/// JSON string; both shapes are upstream's.
/// </summary>
sealed class Version2Exception : Exception
{
    Version2Exception(int statusCode, int code, string message) : base(message)
    {
        StatusCode = statusCode;
        Code = code;
    }

    public int StatusCode { get; }

    /// <summary>Code of the generated layer; 0: the answer is the message alone.</summary>
    public int Code { get; }

    /// <summary>The body cannot be read.</summary>
    public static Version2Exception Unreadable(string body, string problem) =>
        new(StatusCodes.Status400BadRequest, StatusCodes.Status400BadRequest, $"parsing {body} body from \"\" failed, because {problem}");

    /// <summary>A part of the request does not fit the description of the API.</summary>
    public static Version2Exception Invalid(int code, string message) => new(StatusCodes.Status422UnprocessableEntity, code, message);

    public static Version2Exception Required(string path) => Invalid(602, $"{path} in body is required");

    /// <summary>Refused before it was looked at.</summary>
    public static Version2Exception Refused(int statusCode, string message) => new(statusCode, statusCode, message);

    public static Version2Exception BadRequest(string message) => new(StatusCodes.Status400BadRequest, 0, message);

    public static Version2Exception NotFound(string message) => new(StatusCodes.Status404NotFound, 0, message);

    public static Version2Exception Failed(string message) => new(StatusCodes.Status500InternalServerError, 0, message);
}
