import { describe, expect, it } from '@jest/globals';
import { restRoutes } from '../../sim/rest/routes.ts';
import { writtenDown } from '../conftest/simulator.ts';
import { GitHub } from './support/github.ts';
import { publishedOperations } from './support/schemas.ts';
import { tour } from './support/tour.ts';

describe('the list of deviations in sim/README.md', () => {
  it('is exactly what the validation finds', async () => {
    await using github = await GitHub.start();
    await tour(github);
    await github.idle();
    const found = await github.simulator.deviations();
    const complaints = new Map(found.map((one) => [one.place, one.complaint]));
    const listed = writtenDown();
    const places = [...complaints.keys()];
    const isListed = (place: string): boolean => listed.some((one) => one.test(place));
    expect([...complaints].filter(([place]) => !isListed(place))).toEqual([]);
    expect(listed.filter((one) => !places.some((place) => one.test(place)))).toEqual([]);
  });

  it('leaves no operation without a published description', () => {
    const published = new Set(publishedOperations);
    const own = restRoutes.filter((one) => !published.has(one.operation));
    expect(own.map((one) => `${one.method} ${one.pattern}`)).toEqual([]);
  });
});
