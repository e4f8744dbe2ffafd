//! A wake-up is lost.

use standstill::{prelude::*, task};
use tokio::sync::oneshot;
use tokio::time::sleep;

use crate::courier::Parcel;

#[async_test]
async fn the_parcel_comes_but_nobody_rings() {
    let parcel = Parcel::default();
    tokio::spawn({
        let parcel = parcel.clone();
        async move {
            sleep(1.hours()).await;
            parcel.deliver();
        }
    });

    parcel.await;
}

#[async_test]
async fn nobody_rings_and_there_is_more_to_do() {
    let parcel = Parcel::default();
    tokio::spawn({
        let parcel = parcel.clone();
        async move {
            sleep(1.hours()).await;
            parcel.deliver();
        }
    });

    parcel.await;
    sleep(1.mins()).await;
}

#[async_test]
async fn nobody_rings_for_the_neighbour_who_takes_the_parcel() {
    let parcel = Parcel::default();
    let (tell, told) = oneshot::channel();
    task::spawn("neighbour", {
        let parcel = parcel.clone();
        async move {
            parcel.await;
            tell.send(()).unwrap();
        }
    });
    tokio::spawn(async move {
        sleep(1.hours()).await;
        parcel.deliver();
    });

    told.await.unwrap();
}

#[async_test]
async fn the_parcel_never_comes() {
    Parcel::default().await;
}
