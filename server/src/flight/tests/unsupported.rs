//! What the service does not do: each is refused with the same status, and nothing else is.

use arrow_flight::sql::{
    ActionBeginSavepointRequest, ActionBeginTransactionRequest,
    ActionCreatePreparedSubstraitPlanRequest, ActionEndSavepointRequest,
    ActionEndTransactionRequest, Any, CommandStatementSubstraitPlan, ProstMessageExt,
};
use arrow_flight::{Action, Empty, FlightData, FlightDescriptor};
use futures::stream;
use prost::Message as _;
use tonic::Code;

use super::*;

fn packed(message: &impl ProstMessageExt) -> Vec<u8> {
    message.as_any().encode_to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn actions_without_a_meaning_here_are_unimplemented() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let unsupported = [
        ("BeginTransaction", packed(&ActionBeginTransactionRequest {})),
        ("EndTransaction", packed(&ActionEndTransactionRequest::default())),
        ("BeginSavepoint", packed(&ActionBeginSavepointRequest::default())),
        ("EndSavepoint", packed(&ActionEndSavepointRequest::default())),
        (
            "CreatePreparedSubstraitPlan",
            packed(&ActionCreatePreparedSubstraitPlanRequest::default()),
        ),
        ("NoSuchAction", Vec::new()),
    ];
    let listed = client.inner_mut().list_actions(Empty {}).await.unwrap().into_inner();
    let listed: Vec<_> = listed.map_ok(|action| action.r#type).try_collect().await.unwrap();
    for (name, body) in unsupported {
        let action = Action { r#type: name.to_owned(), body: body.into() };
        let refused = client.inner_mut().do_action(action).await.unwrap_err();
        assert_eq!(refused.code(), Code::Unimplemented, "{name}");
        assert_eq!(refused.metadata().get("x-sqlstate").unwrap(), "0A000", "{name}");
        assert!(!listed.contains(&name.to_owned()), "{name} is listed");
    }
    // All that are listed do something, if only to complain of an empty body.
    for name in listed {
        let action = Action { r#type: name.clone(), body: Vec::new().into() };
        let answer = client.inner_mut().do_action(action).await;
        let code = answer.err().map(|status| status.code());
        assert!(code.is_none_or(|code| code == Code::InvalidArgument), "{name}: {code:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_without_a_meaning_here_are_unimplemented() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let plan = packed(&CommandStatementSubstraitPlan::default());
    let descriptor = FlightDescriptor::new_cmd(plan.clone());
    let client = client.inner_mut();
    let refused = [
        client.get_flight_info(descriptor.clone()).await.err(),
        client.get_schema(descriptor.clone()).await.err(),
        client.poll_flight_info(descriptor.clone()).await.err(),
        client.do_get(Ticket { ticket: plan.into() }).await.err(),
        client.do_put(stream::iter([opening(descriptor)])).await.err(),
        client.do_exchange(stream::iter([FlightData::default()])).await.err(),
    ];
    for (index, refused) in refused.into_iter().enumerate() {
        assert_eq!(refused.unwrap().code(), Code::Unimplemented, "{index}");
    }
    let unknown =
        Any { type_url: "type.googleapis.com/no.such.Command".to_owned(), ..Any::default() };
    let descriptor = FlightDescriptor::new_cmd(unknown.encode_to_vec());
    let refused = client.get_flight_info(descriptor).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
}

fn opening(descriptor: FlightDescriptor) -> FlightData {
    FlightData { flight_descriptor: Some(descriptor), ..FlightData::default() }
}
