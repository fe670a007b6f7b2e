import { readdirSync } from 'node:fs';
import { readBrain, deepWhiteVoxels, medianAt, median } from './steps/brain-figures';
import { kdeNormalize } from '../../sdk/intensity/kde-normalize';
import { fuzzyCMeans } from '../../sdk/math/images/fuzzy-c-means';
import { maskedValues, sortedValues } from '../../sdk/math/statistics/quantiles';
async function main() {
  for (const id of readdirSync('/work/shared/data/brains-219').filter(n=>n.startsWith('sub-'))) {
    const v = await readBrain('/work/shared/data/brains-219', id);
    const c = fuzzyCMeans(sortedValues(maskedValues(v.data, v.mask!))).centers;
    const low = (c[1]+c[2])/2;
    const [nx,ny,nz]=v.shape; let n=0,sx=0,sy=0,sz=0;
    const pts:number[][]=[];
    for(let k=0,a=0;k<nz;k++)for(let j=0;j<ny;j++)for(let i=0;i<nx;i++,a++){ if(!v.mask![a])continue; n++;sx+=i;sy+=j;sz+=k; if(v.data[a]>low)pts.push([i,j,k,v.data[a]]);}
    const m=[sx/n,sy/n,sz/n];
    const r=pts.map(p=>Math.hypot(p[0]-m[0],p[1]-m[1],p[2]-m[2]));
    const rs=[...r].sort((a,b)=>a-b); const q1=rs[Math.floor(rs.length/3)], q2=rs[Math.floor(2*rs.length/3)];
    const inner=median(pts.filter((_,i)=>r[i]<q1).map(p=>p[3])), outer=median(pts.filter((_,i)=>r[i]>q2).map(p=>p[3]));
    const oct=[0,1,2,3,4,5,6,7].map(o=>median(pts.filter(p=>(+(p[0]>m[0]))+2*(+(p[1]>m[1]))+4*(+(p[2]>m[2]))===o).map(p=>p[3])));
    const k=kdeNormalize(v);
    console.log(id.slice(4), medianAt(k.data,deepWhiteVoxels(v)).toFixed(3), (inner/outer).toFixed(3), (Math.max(...oct)/Math.min(...oct)).toFixed(3), k.issues.map(i=>i.code).join());
  }
}
void main();
