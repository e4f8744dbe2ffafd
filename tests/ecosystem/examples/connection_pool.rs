//! Twenty jobs share the five connections of a pool, at a real Postgres server: how long each waits for one, in virtual time.
//!
//! The server is started for the occasion, where its programs are installed.

use std::time::Duration;

use sqlx::Error;
use sqlx::postgres::{PgPool, PgPoolOptions};
use standstill::{clock, prelude::*, task::gather};
use tokio::time::sleep;

#[path = "../tests/crates/servers.rs"]
#[expect(dead_code, reason = "the other server is for another example")]
mod servers;

/// Does a second's work on a connection, and tells when it was done.
async fn job(pool: &PgPool) -> Result<Duration, Error> {
    let mut connection = pool.acquire().await?;
    sqlx::query("SELECT 1").execute(&mut *connection).await?;
    sleep(1.secs()).await;
    Ok(clock::elapsed())
}

/// Runs twenty jobs on five connections; `patience` is how long a job waits for its own.
fn twenty_jobs(patience: Duration) -> Option<Vec<Result<Duration, Error>>> {
    let address = servers::postgres()?;
    let results = standstill::run(async || {
        let pool = PgPoolOptions::new().max_connections(5).acquire_timeout(patience);
        let pool = pool.connect(&format!("postgres://postgres@{address}/postgres")).await.unwrap();
        let jobs = (0..20).map(|_| {
            let pool = pool.clone();
            async move { job(&pool).await }
        });
        gather(jobs).settled().await
    });
    Some(
        results
            .into_iter()
            .map(|result| result.unwrap_or_else(|lost| panic!("a job came to nothing: {lost}")))
            .collect(),
    )
}

fn main() {
    for patience in [1.mins(), 2500.millis()] {
        let Some(results) = twenty_jobs(patience) else { return };
        println!("twenty jobs of 1 s on five connections, each with a patience of {patience:?}");
        for second in 1..=4 {
            let done = results.iter().flatten().filter(|at| **at == u64::secs(second)).count();
            println!("  {done} done at {second} s");
        }
        println!("  {} gave up", results.iter().filter(|result| result.is_err()).count());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done_at(results: &[Result<Duration, Error>], second: u64) -> usize {
        results.iter().flatten().filter(|at| **at == second.secs()).count()
    }

    #[test]
    fn five_connections_do_twenty_jobs_in_four_rounds() {
        let Some(results) = twenty_jobs(1.mins()) else { return };

        assert_eq!([1, 2, 3, 4].map(|second| done_at(&results, second)), [5, 5, 5, 5]);
    }

    #[test]
    fn who_waits_too_long_for_a_connection_gives_up() {
        let Some(results) = twenty_jobs(2500.millis()) else { return };

        assert_eq!([1, 2, 3, 4].map(|second| done_at(&results, second)), [5, 5, 5, 0]);
        assert_eq!(results.iter().filter(|result| matches!(result, Err(Error::PoolTimedOut))).count(), 5);
    }
}
