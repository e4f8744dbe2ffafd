use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::task::{RawWaker, RawWakerVTable, Waker};

struct Watched {
    inner: Waker,
    cloned: Box<dyn Fn() + Send + Sync>,
}

static VTABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake_by_ref, drop);

/// Gives a waker that wakes `inner` and calls `cloned` whenever somebody keeps a clone of it.
///
/// Clones of the clone count too. `std::task::Wake` has no such callback.
pub(crate) fn on_clone(inner: Waker, cloned: impl Fn() + Send + Sync + 'static) -> Waker {
    let watched = Arc::new(Watched { inner, cloned: Box::new(cloned) });
    // SAFETY: the vtable's functions keep the contract of `RawWaker`: `data` is an `Arc<Watched>` made by
    // `Arc::into_raw`, each waker owns one count of it, and `Watched` is `Send + Sync`.
    unsafe { Waker::from_raw(RawWaker::new(Arc::into_raw(watched).cast(), &VTABLE)) }
}

fn clone(data: *const ()) -> RawWaker {
    // SAFETY: `data` comes from `Arc::into_raw`, and the waker that is being cloned keeps it alive.
    // `ManuallyDrop` leaves that waker its count.
    let watched = ManuallyDrop::new(unsafe { Arc::from_raw(data.cast::<Watched>()) });
    (watched.cloned)();
    RawWaker::new(Arc::into_raw(Arc::clone(&watched)).cast(), &VTABLE)
}

fn wake(data: *const ()) {
    // SAFETY: `data` comes from `Arc::into_raw`, and waking by value gives up the waker's count.
    let watched = unsafe { Arc::from_raw(data.cast::<Watched>()) };
    watched.inner.wake_by_ref();
}

fn wake_by_ref(data: *const ()) {
    // SAFETY: as in `clone`.
    let watched = ManuallyDrop::new(unsafe { Arc::from_raw(data.cast::<Watched>()) });
    watched.inner.wake_by_ref();
}

fn drop(data: *const ()) {
    // SAFETY: as in `wake`.
    std::mem::drop(unsafe { Arc::from_raw(data.cast::<Watched>()) });
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Wake;

    use super::*;

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    #[test]
    fn each_clone_is_told_and_each_wake_reaches_the_inner_waker() {
        let woken = Arc::new(Count::default());
        let clones = Arc::new(AtomicUsize::new(0));
        let waker = on_clone(Waker::from(Arc::clone(&woken)), {
            let clones = Arc::clone(&clones);
            move || {
                clones.fetch_add(1, Ordering::SeqCst);
            }
        });

        let kept = waker.clone();
        let second = kept.clone();
        second.wake();
        waker.wake_by_ref();
        std::mem::drop((waker, kept));

        assert_eq!(clones.load(Ordering::SeqCst), 2);
        assert_eq!(woken.0.load(Ordering::SeqCst), 2);
        assert_eq!(Arc::strong_count(&woken), 1);
        assert_eq!(Arc::strong_count(&clones), 1);
    }
}
