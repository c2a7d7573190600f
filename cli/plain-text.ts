/** C0, DEL and C1 control characters: a terminal would obey them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g

/** Text from the cloud, from logs or from a file, made safe to print: no escape sequence survives. */
export const plainText = (text: string): string => text.replace(CONTROL, ' ')
