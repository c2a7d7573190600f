import { useHotkeys } from '@mantine/hooks'
import { useLocation } from 'wouter'
import { PAGES } from './pages.ts'

/** Alt+1, Alt+2, … open the pages in the order of the menu. */
export const usePageKeys = (): void => {
  const [, navigate] = useLocation()
  useHotkeys(
    PAGES.map(({ path }, index) => [`alt+${index + 1}`, () => navigate(path)]),
    [],
  )
}
