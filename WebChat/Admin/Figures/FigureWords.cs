using System.Globalization;
using Microsoft.Extensions.Localization;

namespace WebChat.Admin.Figures;

/// <summary>One figure with its line, as it is drawn and as it is read out.</summary>
internal sealed record Drawn
{
    public required string Title { get; init; }
    public required Series Series { get; init; }
    /// <summary>How a number of it is said, with its unit.</summary>
    public required Func<double, (string Number, string Unit)> Say { get; init; }
    /// <summary>What stands large, where it is not the newest point.</summary>
    public double? Large { get; init; }
    /// <summary>Instead of the lowest and the highest.</summary>
    public string? Aside { get; init; }
    /// <summary>Drawn in the colour of what calls.</summary>
    public bool Calls { get; init; }

    /// <summary>A number with its unit.</summary>
    public string Whole(double value) => Say(value) is var (number, unit) && unit.Length > 0 ? $"{number} {unit}" : number;
}

/// <summary>How numbers of the dashboard are said.</summary>
internal static class FigureWords
{
    private const double Mega = 1024 * 1024;

    public static (string, string) Count(double value) => (value.ToString("N0", CultureInfo.CurrentCulture), "");

    public static Func<double, (string, string)> Milliseconds(IStringLocalizer<Texts> text) => value => (value.ToString("N0", CultureInfo.CurrentCulture), text["ms"]);

    public static (string, string) Bytes(double value) => value switch
    {
        < Mega => ((value / 1024).ToString("N0", CultureInfo.CurrentCulture), "KB"),
        < 1000 * Mega => ((value / Mega).ToString("N0", CultureInfo.CurrentCulture), "MB"),
        _ => ((value / Mega / 1024).ToString("N1", CultureInfo.CurrentCulture), "GB"),
    };

    public static string BytesWhole(double value) => Bytes(value) is var (number, unit) ? $"{number} {unit}" : "";

    /// <summary>For how long, in its largest unit.</summary>
    public static string Lasting(TimeSpan time, IStringLocalizer<Texts> text) => time switch
    {
        { TotalMinutes: < 2 } => text["less than two minutes"],
        { TotalHours: < 2 } => text["{0:N0} minutes", Math.Floor(time.TotalMinutes)],
        { TotalDays: < 2 } => text["{0:N0} hours", Math.Floor(time.TotalHours)],
        _ => text["{0:N0} days", Math.Floor(time.TotalDays)],
    };
}
