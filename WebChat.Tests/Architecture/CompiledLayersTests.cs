using System.Reflection;
using System.Reflection.Emit;

namespace WebChat.Tests.Architecture;

/// <summary>
/// The layers once more, from what was compiled: a reference within the same root namespace needs no <c>using</c>, so the sources
/// alone do not show it. Pages are read too.
/// </summary>
public sealed class CompiledLayersTests
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly App = typeof(Program).Assembly;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => o.Value);

    [Fact]
    public void No_compiled_type_uses_a_feature_above_its_own()
    {
        var uses = App.GetTypes().SelectMany(type => Used(type).Select(used => (Type: type, From: FeatureOf(type), To: FeatureOf(used), Used: used)))
            .Where(u => u.From.Length > 0 && u.To.Length > 0 && u.From != u.To).ToList();
        Assert.Contains(uses, u => u is { From: "Messages", To: "Rooms" });
        Assert.Contains(uses, u => u.From == "Rooms" && u.Type.Name.StartsWith("Rooms_", StringComparison.Ordinal)); // a page
        Assert.True(uses.Count > 300, "too few uses found: the test would prove nothing");

        var upward = uses.Where(u => LayersTests.LevelOf(u.To) <= LayersTests.LevelOf(u.From))
            .Select(u => $"{u.Type.FullName} ({u.From}) uses {u.Used.FullName} ({u.To})").Distinct(StringComparer.Ordinal).ToList();

        Assert.True(upward.Count == 0, string.Join('\n', upward));
    }

    private static string FeatureOf(Type type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        if (type.Assembly != App)
            return "";
        // A compiled page is named by its path: Rooms_Index, Messages__Log.
        var name = type.Namespace == "AspNetCoreGeneratedDocument" ? type.Name.Split('_')[0] : type.Namespace?.Split('.').ElementAtOrDefault(1) ?? "";
        return LayersTests.LevelOf(name) < 0 ? "" : name;
    }

    private static IEnumerable<Type> Used(Type type)
    {
        var members = type.GetMembers(All);
        var signatures = members.SelectMany(member => member switch
        {
            FieldInfo field => [field.FieldType],
            PropertyInfo property => [property.PropertyType],
            MethodInfo method => method.GetParameters().Select(p => p.ParameterType).Append(method.ReturnType),
            ConstructorInfo constructor => constructor.GetParameters().Select(p => p.ParameterType),
            _ => Enumerable.Empty<Type>(),
        });
        var attributes = members.Append(type).SelectMany(m => m.GetCustomAttributesData()).Select(a => a.AttributeType);
        var bodies = members.OfType<MethodBase>().SelectMany(UsedInBody);
        return signatures.Concat(attributes).Concat(bodies).Concat(type.GetInterfaces()).Append(type.BaseType ?? typeof(object)).SelectMany(Parts).Distinct();
    }

    private static IEnumerable<Type> UsedInBody(MethodBase method)
    {
        if (method.GetMethodBody() is not { } body || body.GetILAsByteArray() is not { } il)
            yield break;
        foreach (var local in body.LocalVariables)
            yield return local.LocalType;
        var typeArguments = method.DeclaringType!.GetGenericArguments();
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        for (var at = 0; at < il.Length;)
        {
            var value = il[at] == 0xFE ? (short)(0xFE00 | il[at + 1]) : il[at];
            var code = OpCodesByValue[value];
            at += code.Size;
            if (code.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                var member = method.Module.ResolveMember(BitConverter.ToInt32(il, at), typeArguments, methodArguments);
                if (member as Type is { } named)
                    yield return named;
                if (member?.DeclaringType is { } owner)
                    yield return owner;
                if (member is MethodInfo { IsGenericMethod: true } generic)
                {
                    foreach (var argument in generic.GetGenericArguments())
                        yield return argument;
                }
            }
            at += OperandSize(code.OperandType, il, at);
        }
    }

    private static int OperandSize(OperandType operand, byte[] il, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(il, at),
        _ => 4,
    };

    /// <summary>The type, and what it is made of.</summary>
    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType)
            return Parts(type.GetElementType()!);
        return type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition()) : [type];
    }
}
