//! r2d2: a pool for threads.

use std::convert::Infallible;
use std::thread;

use r2d2::{ManageConnection, Pool};
use standstill::prelude::*;

struct Connections;

impl ManageConnection for Connections {
    type Connection = ();
    type Error = Infallible;

    fn connect(&self) -> Result<(), Infallible> {
        thread::sleep(100.millis());
        Ok(())
    }

    fn is_valid(&self, _connection: &mut ()) -> Result<(), Infallible> {
        Ok(())
    }

    fn has_broken(&self, _connection: &mut ()) -> bool {
        false
    }
}

#[async_test(blocking = "allow")]
async fn ten_threads_share_two_connections() {
    let pool = Pool::builder().max_size(2).build(Connections).unwrap();
    assert_elapsed!(100.millis());

    thread::scope(|scope| {
        for _ in 0..10 {
            scope.spawn(|| {
                let _connection = pool.get().unwrap();
                thread::sleep(1.secs());
            });
        }
    });

    assert_elapsed!(5100.millis());
}

#[async_test(blocking = "allow")]
async fn nobody_waits_for_a_connection_longer_than_the_timeout() {
    let pool = Pool::builder().max_size(1).connection_timeout(3.secs()).build(Connections).unwrap();
    let _connection = pool.get().unwrap();
    assert_elapsed!(100.millis());

    assert!(pool.get().is_err());
    assert_elapsed!(3100.millis());
}
