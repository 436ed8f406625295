using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Razor;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace WebChat.Shared;

/// <summary>Renders a partial for nobody in particular, while no request is there: what is pushed to pages. It has no token and no viewer.</summary>
internal sealed class Fragments(IRazorViewEngine engine, ITempDataProvider said, IServiceScopeFactory scopes)
{
    /// <param name="view">Its path, with literal addresses in it.</param>
    /// <param name="model">What it shows.</param>
    /// <param name="language">In which it speaks.</param>
    /// <returns>UTF-8.</returns>
    public async Task<byte[]> RenderAsync<T>(string view, T model, string language)
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language); // of this flow alone
        await using var scope = scopes.CreateAsyncScope();
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        var context = new ActionContext(http, new RouteData(), new ActionDescriptor());
        var found = engine.GetView(null, view, isMainPage: false).EnsureSuccessful(null).View!;
        await using var text = new StringWriter(CultureInfo.InvariantCulture);
        var data = new ViewDataDictionary<T>(new EmptyModelMetadataProvider(), new ModelStateDictionary()) { Model = model };
        await found.RenderAsync(new ViewContext(context, found, data, new TempDataDictionary(http, said), text, new HtmlHelperOptions()));
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
