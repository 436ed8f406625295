using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Accounts;
using WebChat.Media;
using WebChat.Shared;

namespace WebChat.Admin.Settings;

/// <summary>What holds for everybody. What the environment says is shown, and cannot be changed here.</summary>
[LargestBody(Pictures.MostBodyBytes)]
internal sealed class IndexModel(AdminSettingsStore store, SettingsWatch watch, StoredSettings stored, IConfiguration settings, Site site, Pictures pictures, TimeProvider clock, IStringLocalizer<Texts> text, IStringLocalizer<Shared.Texts> shared) : PageModel
{
    public const int LongestName = 60;

    [BindProperty] public string SiteName { get; set; } = "";
    [BindProperty] public string SiteNameWas { get; set; } = "";
    [BindProperty] public IFormFile? Logo { get; set; }
    [BindProperty] public string LogoWas { get; set; } = "";
    [BindProperty] public bool NoLogo { get; set; }

    /// <summary>What is typed, by the settings' names.</summary>
    [BindProperty] public Dictionary<string, string?> Values { get; set; } = [];

    /// <summary>What stood there when the page was opened: what was not touched is not saved, or it would undo what others do meanwhile.</summary>
    [BindProperty] public Dictionary<string, string?> Was { get; set; } = [];

    /// <summary>Deleting what is old, which nothing brings back, is meant.</summary>
    [BindProperty] public bool Deletes { get; set; }

    /// <summary>What is typed would delete messages, and was not said to be meant.</summary>
    public bool AsksToDelete { get; private set; }

    public bool IsFixed(Setting setting) => stored.IsFixed(setting, settings);

    public async Task OnGetAsync()
    {
        SiteName = SiteNameWas = await site.NameAsync();
        LogoWas = site.LastLogo ?? "";
        Fill();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var changes = Setting.All.Where(s => !IsFixed(s) && Values.ContainsKey(s.Name)).Select(ChangeOf).OfType<SettingChange>().ToList();
        AskToDelete(changes.Find(c => string.Equals(c.Key, Setting.KeepDays.Key, StringComparison.Ordinal)));
        SiteName = UserText.Line(SiteName);
        if (!string.Equals(SiteName, SiteNameWas, StringComparison.Ordinal))
            changes.Add(NameChange());
        var logo = ModelState.IsValid ? await pictures.TakeAsync(HttpContext, ModelState, nameof(Logo), Logo) : null;
        if (logo is not null || NoLogo)
            changes.Add(new SettingChange(SiteStore.LogoKey, LogoWas, logo?.Id ?? ""));
        if (ModelState.IsValid && await store.SaveAsync(User.Id(), changes, logo) is var saved && !saved.IsDone)
        {
            if (!saved.IsAllowed)
                return NotFound();
            SayChanged(saved.Changed);
        }
        if (!ModelState.IsValid)
        {
            Fill();
            return Page();
        }
        await watch.ChangedAsync();
        TempData["said"] = shared["Saved"].Value;
        return Redirect("/admin/settings");
    }

    /// <summary>The change that a field asks for, or null where it was not touched or is wrong, which is said beside it.</summary>
    private SettingChange? ChangeOf(Setting setting)
    {
        var (typed, was) = (Values[setting.Name]?.ReplaceLineEndings("\n").Trim() ?? "", Was.GetValueOrDefault(setting.Name)?.ReplaceLineEndings("\n") ?? "");
        if (string.Equals(typed, setting.Show(was), StringComparison.Ordinal))
            return null;
        if (setting.Read(typed) is { } value)
            return string.Equals(value, was, StringComparison.Ordinal) ? null : new SettingChange(setting.Key, was, value, setting.Default);
        ModelState.AddModelError(FieldOf(setting), setting.Kind switch
        {
            SettingKind.Choice => text["Choose one of these."],
            SettingKind.Words => text["At most {0:N0} lines, of {1} characters each.", WordList.MostLines, WordList.LongestLine],
            _ => text["A number from 0 to {0:N0}.", setting.MostShown],
        });
        return null;
    }

    /// <summary>Keeping messages for fewer days deletes some at once: not by a slip in a form of twenty fields.</summary>
    private void AskToDelete(SettingChange? change)
    {
        if (change is null || !long.TryParse(change.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var days) || days == 0
            || (long.TryParse(change.Was, NumberStyles.None, CultureInfo.InvariantCulture, out var was) && was != 0 && was <= days))
            return;
        AsksToDelete = true;
        if (!Deletes)
            ModelState.AddModelError(FieldOf(Setting.KeepDays), text["Everything written before {0} will be deleted for good, in every conversation. Tick the box below and save again to mean it.", Moment.Iso(clock.Now() - days * 86_400_000)[..10]]);
    }

    private SettingChange NameChange()
    {
        if (SiteName.Length == 0)
            ModelState.AddModelError(nameof(SiteName), text["Give it a name."]);
        else if (!UserText.Fits(SiteName, LongestName))
            ModelState.AddModelError(nameof(SiteName), text["At most {0} characters.", LongestName]);
        return new SettingChange(SiteStore.NameKey, SiteNameWas, SiteName, Site.DefaultName);
    }

    /// <summary>Somebody else was quicker: what they have made of it is said beside the field, and who saves again means it.</summary>
    private void SayChanged(IReadOnlyDictionary<string, string> changed)
    {
        foreach (var (key, value) in changed)
        {
            var field = nameof(Logo);
            if (string.Equals(key, SiteStore.LogoKey, StringComparison.Ordinal))
                LogoWas = Now(nameof(LogoWas), value);
            else if (string.Equals(key, SiteStore.NameKey, StringComparison.Ordinal))
                (field, SiteNameWas) = (nameof(SiteName), Now(nameof(SiteNameWas), value));
            else
                (field, Was[key.Split(':')[^1]]) = (FieldOf(Setting.All.Single(s => string.Equals(s.Key, key, StringComparison.Ordinal))), value);
            ModelState.AddModelError(field, field is nameof(Logo) ? text["Somebody has changed this meanwhile. Save again to put yours in its place."]
                : text["Somebody has made this “{0}” meanwhile. Save again to put yours in its place.", SettingWords.Say(key, value, text)]);
        }
    }

    private string Now(string field, string value)
    {
        ModelState.Remove(field);
        return value;
    }

    /// <summary>What was not typed: as it is in force.</summary>
    private void Fill()
    {
        foreach (var setting in Setting.All)
        {
            var value = StoredSettings.ValueOf(setting, settings);
            if (!Values.ContainsKey(setting.Name) || IsFixed(setting))
                (Values[setting.Name], Was[setting.Name]) = (setting.Show(value), value);
        }
    }

    private static string FieldOf(Setting setting) => $"{nameof(Values)}[{setting.Name}]";
}
