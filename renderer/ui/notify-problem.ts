import { notifications } from '@mantine/notifications'
import { toProblem } from './to-problem.ts'

/** For acts started where there is no room for a whole problem: in a row of a table. */
export const notifyProblem = (error: unknown): void => {
  const { message, data } = toProblem(error)
  notifications.show({
    title: message,
    message: [data.meaning, data.nextStep].filter(Boolean).join(' '),
    color: 'clay',
    autoClose: 10_000,
    closeButtonProps: { 'aria-label': 'Close this message' },
  })
}
