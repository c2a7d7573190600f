/** Puts lines in the place of the line `#@name@` of a script's text, for each name. @throws Error where there is none. */
export const fill = (text: string, parts: Readonly<Record<string, string>>): string =>
  Object.entries(parts).reduce((filled, [name, lines]) => {
    const place = new RegExp(`^ *#@${name}@$`, 'm')
    if (!place.test(filled)) throw new Error(`the script has no place for ${name}`)
    return filled.replace(place, () => lines)
  }, text)
