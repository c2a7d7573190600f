/** A place below the home directory as people write it: `~/.config/mole/config.yaml:3:8`. */
export const tilde = (place: string, home: string): string =>
  home !== '' && home !== '/' && place.startsWith(`${home}/`) ? `~${place.slice(home.length)}` : place
