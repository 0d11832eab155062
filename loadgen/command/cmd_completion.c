/* `loadgen completion`: scripts by which a shell asks the programs how a command line goes on (complete.h).
 */
#include "err.h"
#include "exit_code.h"
#include "loadgen_commands.h"
#include "manual.h"

#include <stdio.h>
#include <string.h>

static const char bash[] =
    "# bash completion for loadgen: source it, or install it as bash-completion/completions/loadgen\n"
    "_loadgen() {\n"
    "    local line program=\"${1/#\\~\\//$HOME/}\" current=\"${COMP_WORDS[COMP_CWORD]}\" value\n"
    "    value=$current\n"
    "    [ \"$value\" = \"=\" ] && value=\n"
    "    COMPREPLY=()\n"
    "    while IFS= read -r line; do\n"
    "        case $line in\n"
    "        :files)\n"
    "            compopt -o filenames 2>/dev/null\n"
    "            mapfile -t -O \"${#COMPREPLY[@]}\" COMPREPLY < <(compgen -f -- \"$value\") ;;\n"
    "        :folders)\n"
    "            compopt -o filenames 2>/dev/null\n"
    "            mapfile -t -O \"${#COMPREPLY[@]}\" COMPREPLY < <(compgen -d -- \"$value\") ;;\n"
    "        *) COMPREPLY+=(\"${line%%$'\\t'*}\") ;;\n"
    "        esac\n"
    "    done < <(\"$program\" --complete \"${COMP_WORDS[@]:1:COMP_CWORD-1}\" \"$current\" 2>/dev/null)\n"
    "}\n"
    "complete -F _loadgen loadgen loadgen-provision loadgen-analysis loadgen-fleet\n";

static const char zsh[] =
    "#compdef loadgen loadgen-provision loadgen-analysis loadgen-fleet\n"
    "# zsh completion for loadgen: install it as _loadgen in a folder of $fpath, or source it after "
    "compinit\n"
    "_loadgen() {\n"
    "    local line program=\"${(Q)words[1]/#\\~\\//$HOME/}\" files= folders=\n"
    "    local -a offered\n"
    "    for line in \"${(@f)$(\"$program\" --complete \"${(@Q)words[2,CURRENT]}\" 2>/dev/null)}\"; do\n"
    "        case $line in\n"
    "        '') ;;\n"
    "        :files) files=1 ;;\n"
    "        :folders) folders=1 ;;\n"
    "        *) offered+=(\"${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}\") ;;\n"
    "        esac\n"
    "    done\n"
    "    (( $#offered )) && _describe loadgen offered\n"
    "    [[ $PREFIX == --*=* ]] && compset -P '*='\n"
    "    [[ -n $files ]] && _files\n"
    "    [[ -n $folders ]] && _files -/\n"
    "    return 0\n"
    "}\n"
    "if [[ ${funcstack[1]} == _loadgen ]]; then\n"
    "    _loadgen \"$@\"\n"
    "else\n"
    "    compdef _loadgen loadgen loadgen-provision loadgen-analysis loadgen-fleet\n"
    "fi\n";

static const char fish[] =
    "# fish completion for loadgen: install it as vendor_completions.d/loadgen.fish, or source it\n"
    "function __loadgen_complete\n"
    "    set -l words (commandline -opc)\n"
    "    set -l current (commandline -ct)\n"
    "    test -n \"$current\"; or set current ''\n"
    "    set -l decided (string match -r -- '^--[^=]*=' $current)\n"
    "    set -l value (string replace -r -- '^--[^=]*=' '' $current)\n"
    "    set -l program (string replace -r '^~/' \"$HOME/\" -- $words[1])\n"
    "    for line in ($program --complete $words[2..-1] $current 2>/dev/null)\n"
    "        switch $line\n"
    "            case ':files'\n"
    "                printf \"$decided%s\\n\" (__fish_complete_path $value)\n"
    "            case ':folders'\n"
    "                printf \"$decided%s\\n\" (__fish_complete_directories $value)\n"
    "            case '*'\n"
    "                printf '%s\\n' $line\n"
    "        end\n"
    "    end\n"
    "end\n"
    "for program in loadgen loadgen-provision loadgen-analysis loadgen-fleet\n"
    "    complete -c $program -f -a '(__loadgen_complete)'\n"
    "end\n";

static const struct {
    const char *shell, *script;
} scripts[] = { { "bash", bash }, { "zsh", zsh }, { "fish", fish } };

static const struct option_row no_rows[] = { { 0 } };
static const char *const examples[] = {
    "source <(loadgen completion bash)",
    "source <(loadgen completion zsh)",
    "loadgen completion fish | source",
    NULL,
};

const struct command completion_command = {
    .name = "loadgen completion",
    .synopsis = "bash | zsh | fish",
    .summary = "Print a script that completes command lines in this shell",
    .rows = no_rows,
    .details =
        "`make install` puts the scripts where the shells look for them: below ~/.local, too, for bash and "
        "fish; for zsh, put `fpath+=~/.local/share/zsh/site-functions` before compinit in ~/.zshrc.",
    .examples = examples,
    .pages = manual_pages,
};

int cmd_completion(int argc, char *const argv[], struct err *e)
{
    for (size_t i = 0; argc == 1 && i < sizeof scripts / sizeof *scripts; i++)
        if (strcmp(argv[0], scripts[i].shell) == 0) {
            fputs(scripts[i].script, stdout);
            return EXIT_CODE_DONE;
        }
    return err_set(e, ERR_INPUT, "give one shell: bash, zsh or fish");
}
