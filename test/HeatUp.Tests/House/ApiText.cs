using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace HeatUp.Tests.House;

/// <summary>
/// A library's public face as text: types and members as a caller sees them, sorted, without what the compiler adds.
/// </summary>
internal static class ApiText
{
    private const BindingFlags Visible =
        BindingFlags.DeclaredOnly | BindingFlags.Static | BindingFlags.Instance
        | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly NullabilityInfoContext Nullability = new();

    public static string Of(Assembly library)
    {
        var text = new StringBuilder();
        foreach (var type in library.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Declaration(type)).Append('\n');
            foreach (var member in MembersOf(type)) text.Append("    ").Append(member).Append('\n');
            text.Append('\n');
        }
        return text.ToString();
    }

    private static string Declaration(Type type)
    {
        var bases = type.GetInterfaces().Where(one => one.Name != "IEquatable`1")
            .Select(one => TypeName.Of(one)).Order(StringComparer.Ordinal).ToList();
        if (type.BaseType is { } ancestor && ancestor != typeof(object) && !type.IsValueType)
            bases.Insert(0, TypeName.Of(ancestor));
        var heirs = bases.Count == 0 || type.IsEnum ? "" : $" : {string.Join(", ", bases)}";
        return $"{KindOf(type)} {type.Namespace}.{TypeName.Of(type)}{heirs}";
    }

    private static string KindOf(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static IEnumerable<string> MembersOf(Type type)
    {
        if (type.IsEnum) return Enum.GetNames(type).Select(name => $"{name} = {(int)Enum.Parse(type, name)}");
        return type.GetMembers(Visible).Where(member => !member.IsDefined(typeof(CompilerGeneratedAttribute)))
            .Select(member => member switch
            {
                ConstructorInfo made when IsVisible(made) => $"{TypeName.Of(type)}({Parameters(made)})",
                PropertyInfo property when property.GetMethod is { } get && IsVisible(get) => Property(property, get),
                MethodInfo method when IsVisible(method) && !IsAccessor(method) => Method(method),
                FieldInfo field when field.IsPublic || field.IsFamily => Field(field),
                EventInfo happening => $"event {TypeName.Of(happening.EventHandlerType!)} {happening.Name}",
                _ => null,
            }).OfType<string>().Order(StringComparer.Ordinal);
    }

    private static string Property(PropertyInfo property, MethodInfo get)
    {
        var type = TypeName.Of(property.PropertyType, Nullability.Create(property));
        return $"{Static(get)}{type} {property.Name} {{ get;{Setter(property.SetMethod)} }}";
    }

    private static string Setter(MethodInfo? set)
    {
        if (set is null || !IsVisible(set)) return "";
        return set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;";
    }

    private static string Field(FieldInfo field)
    {
        var name = $"{TypeName.Of(field.FieldType, Nullability.Create(field))} {field.Name}";
        if (field.IsLiteral) return $"const {name} = {Value(field.GetRawConstantValue())}";
        return field.IsStatic ? $"static {name}" : name;
    }

    private static string Method(MethodInfo method)
    {
        var names = method.GetGenericArguments().Select(one => one.Name).ToArray();
        var generic = names.Length == 0 ? "" : $"<{string.Join(", ", names)}>";
        var result = TypeName.Of(method.ReturnType, Nullability.Create(method.ReturnParameter));
        return $"{Static(method)}{result} {method.Name}{generic}({Parameters(method)})";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
    {
        var way = parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? "ref " : "";
        var type = TypeName.Of(parameter.ParameterType, Nullability.Create(parameter));
        var byDefault = parameter.HasDefaultValue ? $" = {Value(parameter.RawDefaultValue)}" : "";
        return $"{way}{type} {parameter.Name}{byDefault}";
    }));

    private static string Static(MethodInfo method) => method.IsStatic ? "static " : "";

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsAccessor(MethodInfo method) =>
        method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static string Value(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
