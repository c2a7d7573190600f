/** What is named, and what is said of it. */
export type Term = readonly [name: string, text: string]

export const CONFIGURATION = `From the lowest to the highest: the built-in default; what the user's configuration and the profile extend; the user's configuration; the profile, or the document given in its place; MOLE_* variables; options.
"mole config explain" tells of every key what it means, how it is set, and whether it is in force in this version. "mole config show --origin" tells who said each value. "mole config check FILE" finds what is wrong with a document.`

export const ENVIRONMENT: readonly Term[] = [
  [
    'MOLE_<SECTION>_<KEY>',
    'A key of the configuration: MOLE_TUNNEL_MTU sets tunnel.mtu. Entries of a list are separated by commas. An engine started in the background does not inherit them.',
  ],
  ['XDG_CONFIG_HOME', 'Where the configuration lies, in mole/; ~/.config when unset.'],
  ['XDG_STATE_HOME', 'Where the database and the log lie, in mole/; ~/.local/state when unset.'],
  ['XDG_RUNTIME_DIR', 'Where sockets lie, in mole/; /tmp/mole-UID when unset or not the user’s own.'],
  ['VISUAL, EDITOR', 'The editor of "mole profiles edit"; vi when neither is set.'],
  ['NO_COLOR', 'No colours, when it is not empty.'],
]

export const FILES: readonly Term[] = [
  ['$XDG_CONFIG_HOME/mole/config.yaml', 'The user’s configuration.'],
  ['$XDG_CONFIG_HOME/mole/profiles/NAME.yaml', 'A saved profile; NAME.yaml.bak is its text before the last change.'],
  ['$XDG_STATE_HOME/mole/mole.sqlite', 'What is deployed, the journal of every act, and what was measured.'],
  ['$XDG_STATE_HOME/mole/engine.log', 'What the engine in the background did.'],
  ['$XDG_RUNTIME_DIR/mole/engine.sock', 'The running engine.'],
]
