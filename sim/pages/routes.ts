import { Router } from '../http/router.ts';

export const pageRouter = new Router([]);
