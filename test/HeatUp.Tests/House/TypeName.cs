using System.Reflection;

namespace HeatUp.Tests.House;

/// <summary>The name of a type as C# writes it.</summary>
internal static class TypeName
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool",
        [typeof(byte)] = "byte", [typeof(char)] = "char", [typeof(int)] = "int", [typeof(long)] = "long",
        [typeof(uint)] = "uint", [typeof(ulong)] = "ulong", [typeof(double)] = "double", [typeof(decimal)] = "decimal",
    };

    /// <summary>The name, with a question mark wherever null may be.</summary>
    public static string Of(Type type, NullabilityInfo? nullability = null)
    {
        if (type.IsByRef) return Of(type.GetElementType()!, nullability);
        if (Nullable.GetUnderlyingType(type) is { } value) return $"{Of(value)}?";
        var mark = nullability?.ReadState == NullabilityState.Nullable && !type.IsValueType ? "?" : "";
        if (type.IsArray) return $"{Of(type.GetElementType()!, nullability?.ElementType)}[]{mark}";
        return $"{Named(type, nullability)}{mark}";
    }

    private static string Named(Type type, NullabilityInfo? nullability)
    {
        if (Keywords.TryGetValue(type, out var keyword)) return keyword;
        var outer = type.DeclaringType is { } around && !type.IsGenericParameter ? $"{Of(around)}." : "";
        if (!type.IsGenericType) return outer + type.Name;
        var infos = nullability?.GenericTypeArguments ?? [];
        var arguments = type.GetGenericArguments()
            .Select((argument, i) => Of(argument, i < infos.Length ? infos[i] : null));
        return $"{outer}{type.Name.Split('`')[0]}<{string.Join(", ", arguments)}>";
    }
}
