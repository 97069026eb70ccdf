// A page that is left before its transition has begun gives that transition up. That is no fault worth telling.
const quiet = () => {};

function hush(event) {
  const transition = event.viewTransition;
  for (const promise of [transition?.ready, transition?.finished, transition?.updateCallbackDone]) promise?.catch(quiet);
}

addEventListener("pageswap", hush);
addEventListener("pagereveal", hush);
