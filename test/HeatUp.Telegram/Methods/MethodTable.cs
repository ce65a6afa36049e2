using HeatUp.Telegram.Tl;

namespace HeatUp.Telegram.Methods;

/// <summary>
/// What each method does. A method that is not in it is answered with the smallest object of its type, which serves for
/// all that only clients with windows care about; one whose type the schema doesn't have is refused.
/// </summary>
internal sealed class MethodTable
{
    private readonly Dictionary<string, Func<Call, object>> methods = [];

    /// <summary>The methods that may be called by whoever is not logged in.</summary>
    private readonly HashSet<string> open = [];

    /// <summary>Adds a method.</summary>
    /// <param name="name">Its name in the schema.</param>
    /// <param name="answer">Answers an object, a truth, or a list where the schema has a vector.</param>
    /// <param name="isOpen">Whether nobody need be logged in for it.</param>
    public void Add(string name, Func<Call, object> answer, bool isOpen = false)
    {
        methods.Add(name, answer);
        if (isOpen) open.Add(name);
    }

    /// <summary>The answer to a call.</summary>
    /// <exception cref="RpcError">It is refused.</exception>
    public object Answer(Call call, TlDefinition definition)
    {
        if (!open.Contains(call.Method)) _ = call.Account;
        if (methods.TryGetValue(call.Method, out var answer)) return answer(call);
        return definition.Type switch
        {
            "Bool" => true,
            _ when definition.Type.StartsWith("Vector<", StringComparison.Ordinal) => Array.Empty<object>(),
            _ when call.Session.Schema.HasType(definition.Type) => call.Session.Schema.Smallest(definition.Type),
            _ => throw new RpcError(400, "INPUT_METHOD_INVALID"),
        };
    }
}
