using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.ViewComponents;

namespace WebChat.Shared;

/// <summary>MVC finds only public view components; ours take internal stores and are internal like everything else.</summary>
internal sealed class InternalViewComponents : IApplicationFeatureProvider<ViewComponentFeature>
{
    public void PopulateFeature(IEnumerable<ApplicationPart> parts, ViewComponentFeature feature)
    {
        foreach (var type in parts.OfType<IApplicationPartTypeProvider>().SelectMany(part => part.Types))
        {
            if (!type.IsPublic && !type.IsAbstract && type.IsSubclassOf(typeof(ViewComponent)))
                feature.ViewComponents.Add(type);
        }
    }
}
