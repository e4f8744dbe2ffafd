//! A task's output is asked for when there is none.

use standstill::{prelude::*, task};
use tokio::time::sleep;

#[async_test]
async fn the_output_of_a_running_task_is_taken() {
    let sleeper = task::spawn("sleeper", sleep(1.secs()));

    sleeper.into_output().unwrap();
}

#[async_test]
async fn a_wait_for_nobody() -> Result<(), task::NothingToWaitFor> {
    let nobody: [task::Task<()>; 0] = [];
    task::wait(nobody, task::ReturnWhen::AllCompleted).await?;
    Ok(())
}

#[async_test]
async fn a_gathered_task_fails() -> Result<(), task::GatherError<crate::mailer::MailError>> {
    task::gather([crate::mailer::send("ada")]).await?;
    Ok(())
}
