import { Link, useRoute } from 'wouter'
import { Logo } from '../ui/Logo.tsx'
import css from './NavigationRail.module.css'
import { PAGES } from './pages.ts'
import { RailStatus } from './RailStatus.tsx'

const Entry = ({ page, index }: { readonly page: (typeof PAGES)[number]; readonly index: number }) => {
  const [isHere] = useRoute(page.path === '/' ? '/' : `${page.path}/*?`)
  return (
    <li data-begins={page.begins}>
      <Link
        href={page.path}
        className={css.entry ?? ''}
        aria-current={isHere ? 'page' : undefined}
        aria-keyshortcuts={`Alt+${index + 1}`}
        title={`${page.title} (Alt+${index + 1})`}
      >
        <page.icon size={18} stroke={1.7} aria-hidden />
        <span>{page.title}</span>
      </Link>
    </li>
  )
}

/** The pages, and under them the deployment in one line. A column, a narrow column, or a bar, as there is room. */
export const NavigationRail = () => (
  <nav className={css.rail} aria-label="Pages">
    <div className={css.brand}>
      <Logo size={30} />
      <span className={css.name}>Cloud Mole</span>
    </div>
    <ul className={css.list}>
      {PAGES.map((page, index) => (
        <Entry key={page.path} page={page} index={index} />
      ))}
    </ul>
    <RailStatus />
  </nav>
)
