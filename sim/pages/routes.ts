import { Router, route } from '../http/router.ts';
import { accessToken, authorize, authorized } from './oauth.ts';
import { act, issuePage } from './pull.ts';
import { commitsPage, editFile, home, openIssue, openPull, repositoryPage } from './repository.ts';

/** Pages for people, and the sign-in. They come after REST: a repository of an owner `repos` has no page. */
export const pageRouter = new Router([
  route('GET', '/', 'page/home', home),
  route('GET', '/login/oauth/authorize', 'oauth/authorize', authorize),
  route('POST', '/login/oauth/authorize', 'oauth/authorized', authorized),
  route('POST', '/login/oauth/access_token', 'oauth/access-token', accessToken),
  route('GET', '/{owner}/{repo}', 'page/repository', repositoryPage),
  route('GET', '/{owner}/{repo}/commits/{branch+}', 'page/commits', commitsPage),
  route('POST', '/{owner}/{repo}/edit', 'page/edit', editFile),
  route('POST', '/{owner}/{repo}/pulls', 'page/open-pull', openPull),
  route('POST', '/{owner}/{repo}/issues', 'page/open-issue', openIssue),
  route('GET', '/{owner}/{repo}/pull/{number}', 'page/pull', issuePage),
  route('GET', '/{owner}/{repo}/issues/{number}', 'page/issue', issuePage),
  route('POST', '/{owner}/{repo}/pull/{number}', 'page/act', act),
  route('POST', '/{owner}/{repo}/issues/{number}', 'page/act', act),
]);
