from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, UploadFile
from fastapi.responses import StreamingResponse

from atelier.api.deps import current_user, keeper
from atelier.intake.model import NoSuchUpload, TooLarge, UploadRefused
from atelier.intake.more import FormUploads
from atelier.intake.ports import FileKeeper

router = APIRouter(prefix="/v2/uploads")


@router.post("", status_code=201)
async def upload(
    file: UploadFile, user=Depends(current_user), vault: FileKeeper = Depends(keeper)
) -> dict[str, str]:
    try:
        stored = await FormUploads(vault).save(user.id, file)
    except TooLarge as error:
        raise HTTPException(413, str(error)) from error
    except UploadRefused as error:
        raise HTTPException(422, str(error)) from error
    return {"id": str(stored.id), "sha256": stored.sha256}


@router.get("/{upload_id}")
async def download(
    upload_id: UUID, vault: FileKeeper = Depends(keeper)
) -> StreamingResponse:
    try:
        return StreamingResponse(await vault.open(upload_id))
    except NoSuchUpload:
        raise HTTPException(404) from None
