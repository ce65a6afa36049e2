using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Emit;

namespace HeatUp.Tests.House;

/// <summary>
/// Which types a type's compiled code names: in its declaration, its members' signatures and their bodies. Constants
/// and <c>nameof</c> leave no trace there.
/// </summary>
internal static class TypeUses
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly
        | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;

    private static readonly FrozenDictionary<short, OpCode> OpCodeOf = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToFrozenDictionary(code => code.Value);

    public static IReadOnlySet<Type> Of(Type type)
    {
        var used = new HashSet<Type>();
        foreach (var named in NamedBy(type)) Add(named, used);
        return used;
    }

    private static IEnumerable<Type?> NamedBy(Type type)
    {
        var members = type.GetMembers(Declared);
        return [
            type.BaseType,
            .. type.GetInterfaces(),
            .. type.GetGenericArguments(),
            .. members.Append(type).SelectMany(member => member.CustomAttributes).SelectMany(NamedBy),
            .. members.OfType<FieldInfo>().Select(field => field.FieldType),
            .. members.OfType<MethodBase>().SelectMany(NamedBy),
        ];
    }

    private static IEnumerable<Type?> NamedBy(CustomAttributeData attribute) =>
        [attribute.AttributeType, .. attribute.ConstructorArguments.Select(argument => argument.Value as Type)];

    private static IEnumerable<Type?> NamedBy(MethodBase method)
    {
        var body = method.GetMethodBody();
        return [
            (method as MethodInfo)?.ReturnType,
            .. method.GetParameters().Select(parameter => parameter.ParameterType),
            .. method.IsGenericMethod ? method.GetGenericArguments() : [],
            .. body?.LocalVariables.Select(local => local.LocalType) ?? [],
            .. body?.ExceptionHandlingClauses.Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause)
                .Select(clause => clause.CatchType) ?? [],
            .. Tokens(body?.GetILAsByteArray() ?? []).SelectMany(token => NamedBy(token, method)),
        ];
    }

    private static IEnumerable<Type?> NamedBy(int token, MethodBase where)
    {
        var ofType = where.DeclaringType?.GetGenericArguments();
        var ofMethod = where.IsGenericMethod ? where.GetGenericArguments() : null;
        return where.Module.ResolveMember(token, ofType, ofMethod) switch
        {
            Type type => [type],
            FieldInfo field => [field.DeclaringType, field.FieldType],
            MethodBase method => [
                method.DeclaringType, (method as MethodInfo)?.ReturnType,
                .. method.IsGenericMethod ? method.GetGenericArguments() : []],
            _ => [],
        };
    }

    /// <summary>The operands of a body's instructions that name a type, a field or a method.</summary>
    private static IEnumerable<int> Tokens(byte[] il)
    {
        for (var at = 0; at < il.Length;)
        {
            short value = il[at++];
            if (value == 0xFE) value = unchecked((short)(0xFE00 | il[at++]));
            var operand = OpCodeOf[value].OperandType;
            if (IsToken(operand)) yield return BitConverter.ToInt32(il, at);
            at += operand == OperandType.InlineSwitch ? 4 + 4 * BitConverter.ToInt32(il, at) : SizeOf(operand);
        }
    }

    private static bool IsToken(OperandType operand) =>
        operand is OperandType.InlineMethod or OperandType.InlineField
            or OperandType.InlineType or OperandType.InlineTok;

    private static int SizeOf(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    private static Type? DefinitionOf(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    private static void Add(Type? type, HashSet<Type> used)
    {
        if (type is null) return;
        IEnumerable<Type?> parts = type switch
        {
            { HasElementType: true } => [type.GetElementType()],
            { IsConstructedGenericType: true } => [type.GetGenericTypeDefinition(), .. type.GetGenericArguments()],
            // A constraint may name the parameter again, so it is taken without its arguments.
            { IsGenericParameter: true } => type.GetGenericParameterConstraints().Select(DefinitionOf),
            _ => [],
        };
        if (!type.HasElementType && !type.IsConstructedGenericType && !type.IsGenericParameter) used.Add(type);
        foreach (var part in parts) Add(part, used);
    }
}
