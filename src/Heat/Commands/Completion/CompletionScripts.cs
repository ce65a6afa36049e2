namespace Heat.Commands.Completion;

/// <summary>
/// The scripts that ask <c>heat</c> itself what may stand at the cursor, so that they needn't change with it. Where it
/// has no answer, a shell proposes files.
/// </summary>
internal static class CompletionScripts
{
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish", "pwsh"];

    // Bash breaks words at some of the characters that names have, and replaces what stands after the last of them.
    private const string Bash = """
        # Completes heat in bash: eval "$(heat completion bash)"
        _heat_complete() {
            local line=${COMP_LINE:0:COMP_POINT} word breaks rest head="" candidate
            word=${line##*[[:space:]]}
            breaks=${COMP_WORDBREAKS//[^@:=]/}
            if [[ -n $breaks ]]; then
                rest=${word##*[$breaks]}
                head=${word%"$rest"}
            fi
            COMPREPLY=()
            while IFS= read -r candidate; do
                # Options only to whoever has begun one.
                [[ -z $word && $candidate == [-/]* ]] && continue
                [[ $candidate == "$word"* ]] && COMPREPLY+=("${candidate#"$head"}")
            done < <("$1" "[suggest:${#line}]" "$line" 2>/dev/null)
        }
        complete -o default -F _heat_complete heat

        """;

    private const string Zsh = """
        #compdef heat
        # Completes heat in zsh: source <(heat completion zsh)
        _heat() {
            local line="${(j: :)words[1,CURRENT-1]} $PREFIX"
            local -a candidates
            candidates=(${(f)"$(${words[1]} "[suggest:${#line}]" "$line" 2>/dev/null)"})
            candidates=(${(M)candidates:#${PREFIX}*})
            # Options only to whoever has begun one.
            [[ -z $PREFIX ]] && candidates=(${candidates:#[-/]*})
            if (( ${#candidates} )); then
                compadd -U -- $candidates
            else
                _files
            fi
        }
        if [[ $funcstack[1] == _heat ]]; then
            _heat "$@"
        else
            compdef _heat heat
        fi

        """;

    private const string Fish = """
        # Completes heat in fish: heat completion fish > ~/.config/fish/completions/heat.fish
        function __heat_complete
            set -l line (commandline --cut-at-cursor --current-process)
            set -l candidates (heat "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null | string match -v '/*')
            if set -q candidates[1]
                printf '%s\n' $candidates
            else
                __fish_complete_path (commandline --current-token)
            end
        end
        complete --command heat --no-files --arguments '(__heat_complete)'

        """;

    private const string PowerShell = """
        # Completes heat in PowerShell: heat completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName heat -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $line = $commandAst.ToString().PadRight($cursorPosition).Substring(0, $cursorPosition)
            & heat "[suggest:$($line.Length)]" "$line" 2>$null |
                Where-Object { $_.StartsWith($wordToComplete) } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
        }

        """;

    public static string For(string shell) => (shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        _ => PowerShell,
    }).ReplaceLineEndings("\n");
}
