const ENDS_IN_COMMAND = /^(.*?: )((?:aws|mole|sudo|terraform|tofu) .+?)\.?$/s

/** Divides a sentence that ends in a command to be typed, so that the command can be copied; `null` where there is none. */
export const splitCommand = (text: string): { readonly lead: string; readonly command: string } | null => {
  const [, lead, command] = ENDS_IN_COMMAND.exec(text) ?? []
  return lead === undefined || command === undefined ? null : { lead, command }
}
