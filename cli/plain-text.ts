/**
 * C0, DEL and C1 control characters, line separators, and what turns the direction of writing (Unicode, UAX #9): a
 * terminal would obey them.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g

/**
 * Text from the cloud, from logs or from a file, made safe to print: no escape sequence survives, and it reads in the
 * order in which it is written.
 */
export const plainText = (text: string): string => text.replace(CONTROL, ' ')
